import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { Sluice } from './sluice.js';

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
