import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { JWTPayload } from 'jose';
import { CreateViewerTokenDocument, type CreateViewerTokenInput } from '../generated/graphql.js';
import { claimsOf, signed } from './issuer.js';
import { type Sluice, startSluice } from './sluice.js';

interface ViewerError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface ViewerAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: T | null | undefined;
  readonly errors: readonly ViewerError[];
  /** The code of the first error; OK if there is none. */
  readonly code: unknown;
}

/** One GraphQL request over HTTP with a viewer token, as a browser sends it. */
export async function askAs<T = unknown, V = object>(
  { url }: Pick<Sluice, 'url'>,
  token: string,
  query: string | TypedDocumentNode<T, V>,
  variables?: V,
  headers: Record<string, string> = {},
): Promise<ViewerAnswer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query: typeof query === 'string' ? query : print(query), variables }),
  });
  const { data, errors = [] } = (await response.json()) as { data?: T | null; errors?: readonly ViewerError[] };
  const code = errors[0]?.extensions.code ?? 'OK';
  return { status: response.status, headers: response.headers, data, errors, code };
}

/** What a new websocket with a viewer token gets: the data of a query, the errors of a subscription, or the code and the reason with which it is closed. */
export async function askOverSocket(sluice: Sluice, token: unknown, query: string): Promise<unknown> {
  const client = sluice.socket({ Authorization: `Bearer ${token}` });
  try {
    return (await client.iterate({ query }).next()).value;
  } catch (closed) {
    if (Array.isArray(closed)) return { errors: closed };
    const { code, reason } = closed as { code?: number; reason?: string };
    return { code, reason };
  } finally {
    await client.dispose();
  }
}

/** Of the tests and their services. */
export const SECRET = 'a secret that only these tests and their services know';
const SAMPLE = { tenant: 'a', n: 1, hidden: 'h', inside: { city: 'x' } };

/** Permissions for the rows with certain values in the column with the security name `tenant`. */
export function tenants(datasetId: string | readonly string[], ...values: readonly unknown[]) {
  return [{ dataset_id: datasetId, record_permissions: [{ security_name: 'tenant', values }] }];
}

export type Tenants = Awaited<ReturnType<typeof openTenants>>;

/** A service that accepts viewer tokens, with a dataset of several tenants and one without security names. */
export async function openTenants() {
  const checked = { SLUICE_JWT_ISSUER: 'the tests', SLUICE_JWT_AUDIENCE: 'sluice' };
  const sluice = await startSluice({ SLUICE_JWT_SECRET: SECRET, ...checked });

  async function securedDataset(securityName: string): Promise<string> {
    const id = await sluice.dataset(SAMPLE);
    const columns = [
      { id: 'tenant', securityName },
      { id: 'hidden', enabled: false },
      { id: 'n', displayFormat: ',.2f' },
    ];
    await sluice.edit(id, { columns });
    await sluice.apply(id);
    const records = ['a', 'b', 'a', 'c', 'a'].map((tenant, index) => ({ ...SAMPLE, tenant, n: index }));
    await sluice.push(id, records);
    return id;
  }

  const secured = await securedDataset('tenant');
  const open = await sluice.dataset({ n: 1 });
  await sluice.push(open, [{ n: 1 }]);
  return {
    sluice,
    secured,
    open,
    securedDataset,
    async minted(permissions: unknown, rest: Partial<CreateViewerTokenInput> = {}): Promise<string> {
      const input = { subject: 'alice', permissions, ...rest };
      return (await sluice.query(CreateViewerTokenDocument, { input })).createViewerToken.token;
    },
    /** A token for the rows of the tenant a in the secured dataset, signed by the test, with these claims too. */
    signed(claims: JWTPayload = {}): Promise<string> {
      const permissions = tenants(secured, 'a');
      return signed(SECRET, claimsOf({ iss: 'the tests', aud: 'sluice', permissions, ...claims }));
    },
  };
}
