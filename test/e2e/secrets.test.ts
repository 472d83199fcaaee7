import { createHmac } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { print } from 'graphql';
import { readConfig } from '../../src/config.js';
import { HIDDEN_VALUE } from '../../src/domain/sample/value-check.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import {
  CreateApiKeyDocument,
  CreatePushUrlDocument,
  CreateViewerTokenDocument,
  ReadAuditLogDocument,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
} from '../generated/graphql.js';
import { answering, type FakeGeocoder, fakeGeocoder } from '../support/fake-geocoder.js';
import { rawRequest } from '../support/raw-request.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

/** Of the configuration and of callers. None is part of another one, and no word of ours is part of them. */
const PLANTED = {
  configuredKey: API_KEY,
  wrongKey: 'planted-wrong-key-9d1f',
  jwtSecret: 'planted-jwt-secret-that-is-long-enough-77',
  geocoder: 'planted-geocoder-key-31ab',
  signature: 'planted-signature-secret-5e5e',
  salt: 'planted-salt-0c0c',
  sensitive: 'planted-sensitive-value-4b4b',
};
/** Only the service's own caller may see these in a response: the one who gave them. */
const secrets: Record<string, string> = { ...PLANTED };

/** What all is written while the tests run. */
const logs: string[] = [];
const logger = createLogger(
  'trace',
  new Writable({ write: (line, _encoding, done) => done(void logs.push(String(line))) }),
);
const answers: string[] = [];

/** The names of the secrets that a text shows, as they are or encoded. */
function shownIn(text: string): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replaceAll('=', '')];
    return forms.some((form) => text.includes(form)) ? [name] : [];
  });
}

describe('secrets', () => {
  let geocoder: FakeGeocoder;
  let sluice: Sluice;
  let dataset: string;
  let hook: string;
  beforeAll(async () => {
    geocoder = await fakeGeocoder(answering('no', 403));
    sluice = await startSluice(
      {
        SLUICE_JWT_SECRET: PLANTED.jwtSecret,
        SLUICE_GEOCODER_URL: `${geocoder.url}&key=${PLANTED.geocoder}`,
        SLUICE_GEOCODER_RATE: '1000',
      },
      logger,
    );
    dataset = await sluice.dataset({ n: 1, city: 'x', ssn: 'x' });
    await sluice.edit(dataset, {
      columns: [{ id: 'ssn', sensitive: true }],
      transformations: [
        { name: 'hash', output: { create: 'h' }, step: { hash: { column: 'city', salt: PLANTED.salt } } },
      ],
      geolocations: [{ name: 'place', address: { city: 'city' } }],
    });
    await sluice.apply(dataset);
    const signature = { scheme: 'GITHUB' as const, secret: PLANTED.signature };
    const made = await sluice.query(CreatePushUrlDocument, { input: { name: 'hook', datasetId: dataset, signature } });
    hook = made.createPushUrl.url;
    secrets.hook = hook.slice(hook.lastIndexOf('/') + 1);
  });
  afterAll(async () => {
    await sluice.close();
    await geocoder.close();
  });

  /** Sends a request and keeps what it returns. */
  async function send(path: string, init: RequestInit = {}): Promise<number> {
    const response = await fetch(path.startsWith('http') ? path : `${sluice.url}${path}`, init);
    answers.push([...response.headers].join('\n'), await response.text());
    return response.status;
  }

  const graphql = (headers: Record<string, string>, query: string, variables: object = {}) =>
    send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });

  /** Sends something of every kind with these credentials, well-formed or not. */
  async function everything(headers: Record<string, string>): Promise<void> {
    const json = { 'content-type': 'application/json', ...headers };
    await graphql(headers, `{ dataset(id: "${dataset}") { name records { nodes { values } } } }`);
    await graphql(headers, '{ nonsense }');
    await graphql(headers, 'mutation { applyChanges(datasetId: "nowhere") { dataset { id } } }');
    for (const body of ['{"query": "{', '{"query": 1}', '[]', '\ud800']) {
      await send('/graphql', { method: 'POST', headers: json, body });
    }
    await send('/graphql?query={__typename}', { headers });
    const record = JSON.stringify([{ n: 'x', city: 'Kyiv', ssn: [PLANTED.sensitive] }]);
    for (const body of [record, '[{"n": ', '[{"n": 1, "n": 2}]', '{"a": "\ud800"}']) {
      await send(`/dataload/${dataset}`, { method: 'POST', headers: json, body });
      await send('/dataload/postdata', { method: 'POST', headers: json, body });
    }
    for (const path of ['/dataload/x/status', '/dataload/x/errors', '/nowhere', '/%zz', '/readyz', '/']) {
      await send(path, { headers });
    }
  }

  /** Opens a websocket with these parameters, and sends an operation. */
  async function overSocket(parameters: Record<string, unknown>): Promise<void> {
    const client = sluice.socket(parameters);
    try {
      for await (const result of client.iterate({ query: `{ dataset(id: "${dataset}") { name } }` })) {
        answers.push(JSON.stringify(result));
      }
    } catch (closed) {
      const { code, reason } = closed as { code?: number; reason?: string };
      answers.push(JSON.stringify([closed, code, reason]));
    } finally {
      await client.dispose();
    }
  }

  it('are sent in every way, right and wrong', async () => {
    const { createApiKey } = await sluice.query(CreateApiKeyDocument, {
      input: { name: 'a', scopes: ['PUSH', 'READ'], datasetIds: [dataset] },
    });
    const { rotateApiKey } = await sluice.query(RotateApiKeyDocument, {
      id: createApiKey.apiKey.id,
      overlapSeconds: 600,
    });
    const viewer = await sluice.query(CreateViewerTokenDocument, { input: { subject: 'x', permissions: [] } });
    const { token } = viewer.createViewerToken;
    Object.assign(secrets, { key: createApiKey.secret, rotated: rotateApiKey.secret, token });
    secrets.tampered = `${token.slice(0, -4)}AAAA`;
    const credentials = [API_KEY, PLANTED.wrongKey, createApiKey.secret, rotateApiKey.secret, token, secrets.tampered];
    const sendAll = async () => {
      for (const secret of credentials) {
        await everything({ 'x-api-key': secret });
        await everything({ authorization: `Bearer ${secret}` });
        await overSocket({ 'x-api-key': secret });
        await overSocket({ Authorization: `Bearer ${secret}` });
      }
    };
    await sendAll();
    await send('/graphql', { headers: { 'x-api-key': API_KEY, authorization: `Bearer ${token}` } });
    await send('/graphql', { headers: { authorization: `Basic ${PLANTED.wrongKey}` } });
    await sluice.query(RevokeApiKeyDocument, { id: createApiKey.apiKey.id });
    await everything({ 'x-api-key': createApiKey.secret });
    expect(answers.length).toBeGreaterThan(200);
  });

  it('are sent where they do not belong', async () => {
    const key = { 'x-api-key': API_KEY };
    const input = { name: 'x', datasetId: dataset, signature: { scheme: 'GITHUB', secret: PLANTED.signature } };
    for (const wrong of [
      { ...input, extra: 1 },
      { ...input, signature: { ...input.signature, extra: 1 } },
      { ...input, signature: { ...input.signature, scheme: 'NONE' } },
      { ...input, datasetId: 'nowhere' },
      { ...input, name: '' },
    ]) {
      await graphql(key, print(CreatePushUrlDocument), { input: wrong });
    }
    const explain = 'query ($token: Secret) { explainPermissions(datasetId: "x", token: $token) { reason } }';
    for (const token of [secrets.token, secrets.tampered, [secrets.token], { token: secrets.token }]) {
      await graphql(key, explain, { token });
    }
    const body = JSON.stringify({ n: 1, city: 'x', ssn: PLANTED.sensitive });
    const sign = (secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const signed = { 'content-type': 'application/json', 'x-hub-signature-256': sign(PLANTED.signature) };
    expect(await send(hook, { method: 'POST', headers: signed, body })).toBe(202);
    const wrong = { ...signed, 'x-hub-signature-256': sign('another secret') };
    for (const [url, headers] of [
      [hook, wrong],
      [hook, { ...signed, ...key }],
      [`${hook}x`, signed],
      [`${hook}/more`, signed],
      [hook.replace('/hooks/', '/hooks//'), signed],
      [hook.replace('/hooks/', '/%68ooks/'), signed],
    ] as const) {
      await send(url, { method: 'POST', headers, body });
    }
    await send(hook);
    await send(hook, { method: 'POST', headers: signed, body: '{' });
    const { pathname, port } = new URL(hook);
    for (const line of [`POST ${pathname} HTTP/9.9`, `POST ${pathname}\u0001 HTTP/1.1`, `${pathname}`]) {
      answers.push(await rawRequest(Number(port), `${line}\r\nx-api-key: ${API_KEY}\r\n bad\r\n\r\n`));
    }
  });

  it('of the record store, the database and the geocoder are in no error', async () => {
    const job = await sluice.push(dataset, [{ n: 1, city: 'Kyiv', ssn: PLANTED.sensitive }]);
    const misfit = await sluice.push(dataset, [{ n: 'x', city: 'Kyiv', ssn: [PLANTED.sensitive] }]);
    expect(misfit.errors.nodes.map(({ pointer }) => pointer)).toEqual(['/n', '/ssn']);
    answers.push(JSON.stringify([job, misfit]));
    for (const what of ['status', 'errors']) {
      await send(`/dataload/${misfit.id}/${what}`, { headers: { 'x-api-key': API_KEY } });
    }
    await graphql({ 'x-api-key': API_KEY }, '{ geocode(address: {city: "Kyiv"}) { place { lat } } }');
    expect(geocoder.asked.some((path) => path.includes(PLANTED.geocoder))).toBe(true);

    secrets.mongodb = 'planted-mongodb-password-2222';
    const url = new URL(sluice.database.url);
    url.username = 'somebody';
    url.password = secrets.mongodb;
    const unopened = startApp(readConfig({ MONGODB_URL: url.href, PORT: '0' }), logger, (line) => answers.push(line));
    answers.push(await unopened.then(String, (error: Error) => `${error.stack} ${JSON.stringify(error)}`));
    expect(answers.at(-1)).toContain('Authentication failed');

    secrets.elasticsearch = 'planted-elasticsearch-password-3333';
    const lost = await startSluice(
      {
        ELASTICSEARCH_URL: 'http://127.0.0.1:9',
        ELASTICSEARCH_USERNAME: 'somebody',
        ELASTICSEARCH_PASSWORD: secrets.elasticsearch,
      },
      logger,
    );
    const create = 'mutation { createDataset(input: {name: "x", sample: {a: 1}, apply: true}) { id } }';
    answers.push(JSON.stringify(await lost.post('/graphql', { query: create })));
    answers.push(JSON.stringify(await lost.request('/readyz')));
    await lost.close();
  });

  it('are in no log line, response, error of a job or entry of the audit log, and not in the database', async () => {
    await until('the audit log', async () => {
      const { auditLog } = await sluice.query(ReadAuditLogDocument, { first: 100 });
      answers.push(JSON.stringify(auditLog));
      return auditLog.nodes.length > 5;
    });
    expect(logs.join('')).toContain('the record store cannot be used');
    for (const line of [...logs, ...answers]) expect([shownIn(line), line]).toEqual([[], line]);
    const { db } = sluice.database;
    expect(JSON.stringify(await db.collection('job_errors').find().toArray())).toContain(HIDDEN_VALUE);
    for (const { name } of await db.listCollections().toArray()) {
      const documents = JSON.stringify(await db.collection(name).find().toArray());
      const [signature, salt, sensitive] = ['signature', 'salt', 'sensitive'];
      // The service needs these as they are, and they are shown to nobody.
      const kept = { push_urls: [signature], designs: [salt], quarantine: [sensitive], jobs: [sensitive] }[name];
      const shown = shownIn(documents).filter((one) => !(kept ?? []).includes(one));
      const isRows = name.startsWith('rows_');
      expect([name, isRows ? shown.filter((one) => one !== sensitive) : shown]).toEqual([name, []]);
    }
  });
});
