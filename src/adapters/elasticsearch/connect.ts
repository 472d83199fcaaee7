import { readFile } from 'node:fs/promises';
import { Client, type ClientOptions, errors, UndiciConnection } from '@elastic/elasticsearch';
import { StartupError } from '../../ports/startup-error.js';
import { OUR_INDICES, PREFIX } from './generation-index.js';
import { readRepeatedItemsOnce } from './repeated-items.js';
import { watchSilence } from './request-watch.js';
import { failureOf, toStoreError } from './store-error.js';

/** How long a request may go without a response before it counts as lost; the client's default is ten minutes. */
const REQUEST_MS = 30_000;
const START_MS = 5_000;

/** The addresses of an Elasticsearch, and the credentials for it. */
export interface ElasticsearchAccess {
  readonly urls: readonly string[];
  readonly apiKey: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** A file with certificates in PEM. */
  readonly caFile: string | undefined;
}

export interface ElasticsearchConnection {
  readonly client: Client;
  /** The version of the server; null if it cannot be reached. */
  readonly version: string | null;
  /** Why the server cannot be reached; null if it can. */
  readonly unreachable: string | null;
  /** A message if a request has had no response for some seconds; null otherwise. */
  readonly silence: () => string | null;
}

/**
 * Makes a client and tries it once. Throws StartupError for problems that waiting does not fix: wrong credentials or certificates, or a server that is not
 * Elasticsearch. A server that cannot be reached is no error: loads wait for it.
 */
export async function connectElasticsearch(access: ElasticsearchAccess): Promise<ElasticsearchConnection> {
  const client = new Client(await clientOptions(access));
  readRepeatedItemsOnce(client);
  const silence = watchSilence(client);
  try {
    const { nodes } = await client.nodes.info({ metric: '_none' }, quick());
    const version = Object.values(nodes)[0]?.version ?? null;
    if (version !== null) checkVersion(version);
    if ((access.apiKey ?? access.username) !== undefined) await checkPrivileges(client);
    return { client, version, unreachable: null, silence };
  } catch (error) {
    const fault = error instanceof Unusable ? error.message : faultOf(error);
    if (fault === null) return { client, version: null, unreachable: toStoreError(error).message, silence };
    await client.close();
    throw new StartupError(`Elasticsearch at ${hostsOf(access)} cannot be used: ${fault}`, { cause: error });
  }
}

/** When it is closed, it aborts running requests: a process that stops must not wait for a server that may never respond. */
class EndingConnection extends UndiciConnection {
  override async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** The servers' addresses without credentials. */
export function hostsOf({ urls }: Pick<ElasticsearchAccess, 'urls'>): string {
  return urls.map((url) => new URL(url).origin).join(', ');
}

async function clientOptions({
  urls,
  apiKey,
  username,
  password,
  caFile,
}: ElasticsearchAccess): Promise<ClientOptions> {
  const auth = apiKey === undefined ? { username: username ?? '', password: password ?? '' } : { apiKey };
  return {
    nodes: [...urls],
    requestTimeout: REQUEST_MS,
    Connection: EndingConnection,
    ...((apiKey ?? username) !== undefined && { auth }),
    ...(caFile !== undefined && { tls: { ca: await readCertificates(caFile) } }),
  };
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(`ELASTICSEARCH_CA: the certificates cannot be read: ${reason}`, { cause });
  }
}

class Unusable extends Error {}

function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 8 || (major === 8 && minor < 19)) throw new Unusable(`it is version ${version}; 8.19 or newer is needed`);
}

async function checkPrivileges(client: Client): Promise<void> {
  const needed = { index: [{ names: [`${PREFIX}rows_*`], privileges: ['manage', 'read', 'write'] }] };
  const held = await client.security.hasPrivileges(needed, quick()).catch(whereSecurityIsOff);
  if (held === null || held.has_all_requested) return;
  const { username, index } = held;
  const lacking = Object.values(index).flatMap((one) =>
    Object.entries(one).flatMap(([name, has]) => (has ? [] : [name])),
  );
  throw new Unusable(lackOf(`${username} lacks ${lacking.join(', ')}`));
}

/** Without security there is nothing to check: the server has no privileges and ignores credentials. */
function whereSecurityIsOff(error: unknown): null {
  const isRefusal = error instanceof errors.ResponseError && error.statusCode !== 401 && error.statusCode !== 403;
  if (isRefusal) return null;
  throw error;
}

const lackOf = (reason: string) =>
  `the credentials lack a privilege (${reason}); they need monitor on the cluster and all on indices ${OUR_INDICES}`;

const quick = () => ({ maxRetries: 0, requestTimeout: START_MS });

/** What somebody has to fix before the server can be used; null if waiting may help. */
function faultOf(error: unknown): string | null {
  if (error instanceof errors.ProductNotSupportedError) return 'the server there is not Elasticsearch';
  if (error instanceof errors.ResponseError) return refusalOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return CERTIFICATE.test(message)
    ? `its certificate is not trusted (${message}); give the authority that signed it in ELASTICSEARCH_CA`
    : null;
}

const CERTIFICATE = /certificate|altnames|self.signed|unable to verify/i;

function refusalOf(error: errors.ResponseError): string | null {
  const { status, reason } = failureOf(error);
  if (status === 401) {
    return `it refuses the credentials (${reason}); check ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD`;
  }
  if (status === 403) return lackOf(reason);
  return status >= 500 || status === 429 ? null : reason;
}
