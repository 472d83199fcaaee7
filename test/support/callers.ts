import {
  CreateApiKeyDocument,
  type CreateApiKeyInput,
  CreatePushUrlDocument,
  CreateViewerTokenDocument,
  RevokeApiKeyDocument,
} from '../generated/graphql.js';
import { API_KEY, type Sluice } from './sluice.js';

/** Every kind of caller. Those with Other are for another dataset. */
export const CALLERS = [
  'none',
  'wrong',
  'expired',
  'revoked',
  'push',
  'pushOther',
  'read',
  'readOther',
  'manage',
  'viewer',
  'viewerOther',
  'pushUrl',
] as const;
export type CallerName = (typeof CALLERS)[number];

type Headers = Readonly<Record<string, string>>;

/** One caller of each kind, and what they call. */
export class Callers {
  private constructor(
    readonly sluice: Sluice,
    readonly headers: Readonly<Record<CallerName, Headers>>,
    readonly ids: {
      readonly dataset: string;
      /** One that has a security name. */
      readonly secured: string;
      readonly connection: string;
      readonly job: string;
      readonly apiKey: string;
      readonly hookToken: string;
    },
  ) {}

  static async create(sluice: Sluice): Promise<Callers> {
    const [dataset, other] = [await sluice.dataset({ n: 1 }), await sluice.dataset({ n: 1 })];
    const job = await sluice.push(dataset, [{ n: 1 }]);
    const secured = await sluice.dataset({ owner: 'a' });
    await sluice.edit(secured, { columns: [{ id: 'owner', securityName: 'owner' }] });
    await sluice.apply(secured);
    const key = async (input: Partial<CreateApiKeyInput>) => {
      const made = await sluice.query(CreateApiKeyDocument, { input: { name: 'a', scopes: ['PUSH'], ...input } });
      return made.createApiKey;
    };
    const headersOf = async (input: Partial<CreateApiKeyInput>) => ({ 'x-api-key': (await key(input)).secret });
    const viewerOf = async (id: string) => {
      const sees = { dataset_id: id, record_permissions: [{ security_name: 'owner', values: ['a'] }] };
      const made = await sluice.query(CreateViewerTokenDocument, { input: { subject: 'v', permissions: [sees] } });
      return { authorization: `Bearer ${made.createViewerToken.token}` };
    };
    const expired = await key({ scopes: ['MANAGE'] });
    await sluice.database.db
      .collection<{ _id: string }>('api_keys')
      .updateOne({ _id: expired.apiKey.id }, { $set: { expiresAt: new Date(0) } });
    const revoked = await key({ scopes: ['MANAGE'] });
    await sluice.query(RevokeApiKeyDocument, { id: revoked.apiKey.id });
    const { url } = (await sluice.query(CreatePushUrlDocument, { input: { datasetId: dataset, name: 'u' } }))
      .createPushUrl;
    const hookToken = url.slice(url.lastIndexOf('/') + 1);
    const { body } = await sluice.post('/graphql', { query: `{ dataset(id: "${dataset}") { connection { id } } }` });
    const connection = (body.data as { dataset: { connection: { id: string } } }).dataset.connection.id;
    const headers = {
      none: {},
      wrong: { 'x-api-key': 'wrong' },
      expired: { 'x-api-key': expired.secret },
      revoked: { 'x-api-key': revoked.secret },
      push: await headersOf({ scopes: ['PUSH'], datasetIds: [dataset] }),
      pushOther: await headersOf({ scopes: ['PUSH'], datasetIds: [other] }),
      read: await headersOf({ scopes: ['READ'], datasetIds: [dataset] }),
      readOther: await headersOf({ scopes: ['READ'], datasetIds: [other] }),
      manage: { 'x-api-key': API_KEY },
      viewer: await viewerOf(secured),
      viewerOther: await viewerOf(other),
      pushUrl: { 'x-api-key': hookToken },
    };
    return new Callers(sluice, headers, {
      dataset,
      secured,
      connection,
      job: job.id,
      apiKey: revoked.apiKey.id,
      hookToken,
    });
  }

  /** The same callers at another service on the same database. */
  at(sluice: Sluice): Callers {
    return new Callers(sluice, this.headers, this.ids);
  }

  /** Sends a request as one of the callers, and returns its code; OK if it has none. */
  async send(caller: CallerName, path: string, init: RequestInit): Promise<{ readonly code: unknown }> {
    const headers = { 'content-type': 'application/json', ...this.headers[caller] };
    const response = await fetch(`${this.sluice.url}${path}`, { ...init, headers });
    const body = JSON.parse(await response.text());
    return { code: body.code ?? body.errors?.[0]?.extensions.code ?? 'OK' };
  }

  graphql(caller: CallerName, query: string): Promise<{ readonly code: unknown }> {
    return this.send(caller, '/graphql', { method: 'POST', body: JSON.stringify({ query }) });
  }

  /** The code of a subscription's first event or error, or of the refusal to connect. */
  async subscribe(caller: CallerName, query: string): Promise<{ readonly code: unknown }> {
    const client = this.sluice.socket({ ...this.headers[caller] });
    try {
      for await (const { errors } of client.iterate({ query })) return { code: errors?.[0]?.extensions?.code ?? 'OK' };
      return { code: 'OK' };
    } catch (error) {
      return { code: codeOf(error) };
    } finally {
      await client.dispose();
    }
  }
}

/** The code in what the client throws: the errors of an operation, or the end of the socket, whose reason begins with it. */
function codeOf(error: unknown): unknown {
  if (Array.isArray(error)) return error[0]?.extensions?.code;
  return String((error as { reason?: unknown }).reason).split(':')[0];
}
