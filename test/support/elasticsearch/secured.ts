import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as forward } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@elastic/elasticsearch';
import type { Distribution } from './distribution.js';
import { ElasticsearchServer } from './server.js';

const run = promisify(execFile);

const PASSWORD = 'a password of these tests';
/** The hash of that password for Elasticsearch's file `users`: Elasticsearch's own tool is a Java program that would have to run for every user. */
const PASSWORD_HASH = '$2a$10$qPBWRV2zejkxG283YhHaQOjtsK4v03yZQmOPI2rNG/vLEJFdrXKcO';
/** The roles of the users, by name; `sluice` has exactly the documented privileges. */
const ROLES = { operator: 'superuser', sluice: 'sluice', reader: 'reader', stranger: 'stranger' };
const ROLE_DEFINITIONS = `
sluice:
  cluster: [ 'monitor' ]
  indices: [ { names: [ 'sluice_*' ], privileges: [ 'all' ] } ]
reader:
  cluster: [ 'monitor' ]
  indices: [ { names: [ 'sluice_*' ], privileges: [ 'read' ] } ]
stranger:
  cluster: [ 'manage_own_api_key' ]
`;
const STORE_PASSWORD = 'of these tests';

/** An Elasticsearch that speaks only TLS and requires credentials. */
export interface SecuredElasticsearch {
  readonly url: string;
  /** Of every user. */
  readonly password: string;
  /** The certificate of the authority that signed the server's. */
  readonly caFile: string;
  /** With all rights. */
  readonly client: Client;
  close(): Promise<void>;
}

export async function startSecured(distribution: Distribution): Promise<SecuredElasticsearch> {
  const certificates = await makeCertificates(distribution);
  const ca = await readFile(certificates.caFile, 'utf8');
  const clientOf = (url: string) =>
    new Client({ node: url, auth: { username: 'operator', password: PASSWORD }, tls: { ca }, maxRetries: 0 });
  const secure = (url: string) => url.replace('http:', 'https:');
  const server = await ElasticsearchServer.start(distribution, {
    isBrief: true,
    settings: {
      'xpack.security.enabled': 'true',
      'xpack.security.http.ssl.enabled': 'true',
      'xpack.security.http.ssl.keystore.path': 'http.p12',
      'xpack.security.http.ssl.keystore.password': STORE_PASSWORD,
    },
    async configure(configDir) {
      await writeFile(join(configDir, 'http.p12'), await readFile(certificates.keyStore));
      await appendFile(join(configDir, 'roles.yml'), ROLE_DEFINITIONS);
      const users = Object.entries(ROLES);
      await writeFile(join(configDir, 'users'), users.map(([name]) => `${name}:${PASSWORD_HASH}\n`).join(''));
      await writeFile(join(configDir, 'users_roles'), users.map(([name, role]) => `${role}:${name}\n`).join(''));
    },
    async isUp(url) {
      const client = clientOf(secure(url));
      try {
        return !(await client.cluster.health({ wait_for_status: 'yellow', timeout: '60s' })).timed_out;
      } finally {
        await client.close();
      }
    },
  });
  const url = secure(server.url);
  const client = clientOf(url);
  return {
    url,
    password: PASSWORD,
    caFile: certificates.caFile,
    client,
    async close() {
      await client.close();
      await server.close();
      await rm(certificates.folder, { recursive: true, force: true });
    },
  };
}

/** An authority, and a certificate for this machine that it signed. */
async function makeCertificates({ javaHome }: Distribution) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-certificates-'));
  const keytool = (...args: string[]) =>
    run(join(javaHome, 'bin', 'keytool'), [...args, '-storepass', STORE_PASSWORD], { cwd: folder });
  const keys = ['-keyalg', 'EC', '-validity', '2', '-genkeypair'];
  await keytool(...keys, '-alias', 'ca', '-keystore', 'ca.p12', '-dname', 'CN=Authority of tests', '-ext', 'bc:c');
  await keytool('-exportcert', '-rfc', '-alias', 'ca', '-keystore', 'ca.p12', '-file', 'ca.pem');
  await keytool(...keys, '-alias', 'http', '-keystore', 'http.p12', '-dname', 'CN=Elasticsearch of tests');
  await keytool('-certreq', '-alias', 'http', '-keystore', 'http.p12', '-file', 'http.csr');
  const names = ['-ext', 'san=ip:127.0.0.1'];
  await keytool(
    '-gencert',
    '-rfc',
    '-alias',
    'ca',
    '-keystore',
    'ca.p12',
    ...names,
    '-infile',
    'http.csr',
    '-outfile',
    'http.pem',
  );
  await keytool('-importcert', '-noprompt', '-alias', 'ca', '-keystore', 'http.p12', '-file', 'ca.pem');
  await keytool('-importcert', '-noprompt', '-alias', 'http', '-keystore', 'http.p12', '-file', 'http.pem');
  return { folder, caFile: join(folder, 'ca.pem'), keyStore: join(folder, 'http.p12') };
}

/**
 * A proxy with API keys in front of an Elasticsearch, because this distribution cannot store API keys. A request with one of the keys is forwarded as a request of the key's
 * user; any other gets the response of Elasticsearch.
 */
export async function apiKeyGate({ url, password, caFile }: SecuredElasticsearch, userOfKey: Map<string, string>) {
  const ca = await readFile(caFile);
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization, host: _host, ...headers } = request.headers;
    const user = userOfKey.get(authorization?.replace(/^ApiKey /, '') ?? '');
    if (user === undefined) return refuse(response);
    const auth = `${user}:${password}`;
    const passed = forward(new URL(request.url ?? '/', url), { method: request.method ?? 'GET', headers, auth, ca });
    request.pipe(passed);
    const [answered] = (await once(passed, 'response')) as [IncomingMessage];
    response.writeHead(answered.statusCode ?? 500, answered.headers);
    answered.pipe(response);
  }
  const gate = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  return {
    url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    async close() {
      gate.closeAllConnections();
      await new Promise((resolve) => gate.close(resolve));
    },
  };
}

function refuse(response: ServerResponse): void {
  const error = { type: 'security_exception', reason: 'unable to authenticate with provided credentials' };
  const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
  response.writeHead(401, headers).end(JSON.stringify({ error, status: 401 }));
}
