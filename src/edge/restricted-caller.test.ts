import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { memoryBudget } from '../adapters/memory/memory-budget.js';
import { memoryRateLimits } from '../adapters/memory/rate-limits.js';
import type { RowRestriction } from '../domain/security/caller.js';
import { FOREIGN_STORAGE } from '../ports/storage-health.js';
import { createLogger } from '../telemetry/logger.js';
import { clientAddress } from './client-address.js';
import { createServer, type SluiceServer } from './server.js';

/** Rows with `n` up to 3, without the column `secret`. */
const UP_TO_3: RowRestriction = (columns) => {
  const n = columns.find(({ id }) => id === 'n');
  if (!n) throw new Error('the design has no column n');
  return {
    filter: { kind: 'COMPARE', column: n, op: 'LTE', value: 3 },
    columns: columns.filter(({ id }) => id !== 'secret'),
  };
};

interface Page {
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

interface Result {
  readonly data?: { readonly dataset?: { readonly records?: Page } | null } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

describe('a caller who sees a part of one dataset', () => {
  let bench: OpenLaneBench;
  let server: SluiceServer;
  let host: string;
  let id: string;
  let other: string;
  let job: string;
  beforeAll(async () => {
    bench = await openLaneBench();
    ({ id, other, job } = await filled());
    server = await served();
    host = `127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
  });
  afterAll(async () => {
    await server.close();
    await bench.close();
  });

  /** A dataset of five records, and one in quarantine. */
  async function filled() {
    const dataset = await bench.dataset({ k: 'a', n: 1, secret: 's' }, { mismatchPolicy: 'QUARANTINE' });
    const links = [
      { id: 'k', link: { url: 'https://example.org/{{k}}', title: null } },
      { id: 'n', link: { url: 'https://example.org/{{secret}}', title: null } },
    ];
    await bench.useCases.designDrafts.update(dataset, { expectedRevision: 1, columns: links }, CALLER);
    await bench.useCases.applyChanges(dataset, CALLER);
    const records = [1, 2, 3, 4, 5].map((n) => ({ k: `k${n}`, n, secret: `s${n}` }));
    const push = await bench.push(dataset, [...records, { k: 'x', n: 'no number', secret: 's' }]);
    await bench.load(dataset);
    return { id: dataset, other: await bench.dataset({ k: 'a' }), job: push };
  }

  /** A service whose API keys are `all`, of a caller who sees all, and `part`. */
  function served(): Promise<SluiceServer> {
    const restricted = {
      ...CALLER,
      id: 'p',
      name: 'part',
      access: {
        datasets: new Set([id]),
        knowsOnlyReadable: false,
        sees: (area: string, datasetId?: string) => area === 'DATASETS' && datasetId === id,
        may: () => false,
        restrictionOf: () => UP_TO_3,
      },
    };
    const authenticate = async ([key]: readonly string[]) => (key === 'all' ? CALLER : restricted);
    return createServer({
      useCases: { ...bench.useCases, authenticate },
      maxPayloadBytes: 100_000,
      memory: memoryBudget(1_000_000),
      answerMemory: memoryBudget(1_000_000),
      rates: memoryRateLimits(),
      servesApi: true,
      readiness: async () => ({ ready: true, problems: [], notices: [] }),
      liveness: () => null,
      addressOf: clientAddress([]),
      noteRefusals: () => undefined,
      closeGraceMs: 1_000,
      storage: FOREIGN_STORAGE,
      logger: createLogger('silent'),
    });
  }

  async function ask(fields: string, key = 'part', argument = id): Promise<Result> {
    const query = `{ dataset(id: "${argument}") { ${fields} } }`;
    return (await post(query, key)) as Result;
  }

  async function post(query: string, key: string): Promise<unknown> {
    const headers = { 'content-type': 'application/json', 'x-api-key': key };
    const response = await fetch(`http://${host}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    return response.json();
  }

  it('gets only the rows that match its permissions, with only their visible columns', async () => {
    const records =
      'records(first: 10, orderBy: [{column: "n", direction: DESC}]) { totalCount nodes { values links } }';
    const { data } = await ask(`${records} rowCount`);
    const node = (n: number) => ({ values: { k: `k${n}`, n }, links: { k: expect.objectContaining({}) } });
    expect(data?.dataset).toEqual({ rowCount: 3, records: { totalCount: 3, nodes: [3, 2, 1].map(node) } });
    const whole = await ask(`${records} rowCount recordCount`, 'all');
    expect(whole.data?.dataset).toMatchObject({ rowCount: 5, recordCount: 5, records: { totalCount: 5 } });
    expect(whole.data?.dataset?.records?.nodes[0]).toMatchObject({ values: { secret: 's5' }, links: { n: {} } });
  });

  it('lists only the dataset that it may know of', async () => {
    const list = '{ datasets { totalCount nodes { id } } }';
    expect(await post(list, 'part')).toEqual({ data: { datasets: { totalCount: 1, nodes: [{ id }] } } });
    expect(await post(list, 'all')).toMatchObject({ data: { datasets: { totalCount: 2 } } });
  });

  it('pages through its rows and sees no others', async () => {
    const page = 'pageInfo { hasNextPage endCursor } nodes { values }';
    const first = await ask(`records(first: 2, orderBy: [{column: "n"}]) { ${page} }`);
    expect(first.data?.dataset?.records).toMatchObject({ pageInfo: { hasNextPage: true } });
    const endCursor = first.data?.dataset?.records?.pageInfo.endCursor;
    const last = await ask(`records(first: 2, after: "${endCursor}", orderBy: [{column: "n"}]) { ${page} }`);
    expect(last.data?.dataset?.records).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [{ values: { n: 3 } }],
    });
  });

  it.each([
    ['filter', (column: string) => `records(where: {column: "${column}", op: EQ, value: "s1"}) { totalCount }`],
    ['order', (column: string) => `records(orderBy: [{column: "${column}"}]) { totalCount }`],
  ])('learns no more of a hidden column in a %s than of one that does not exist', async (_, fields) => {
    const [hidden] = (await ask(fields('secret'))).errors ?? [];
    const [missing] = (await ask(fields('nothing'))).errors ?? [];
    expect(hidden?.extensions.code).toBe('BAD_REQUEST');
    expect(hidden?.message.replaceAll('secret', 'nothing')).toBe(missing?.message);
  });

  it.each([
    'recordCount',
    'connection { id }',
    'design { revision }',
    'appliedDesign { revision }',
    'changes { effect }',
    'pushInstructions { status }',
    'jobs { totalCount }',
    'lastJob { id }',
    'trial { id }',
    'quarantine { totalCount }',
  ])('gets FORBIDDEN for { dataset { %s } }', async (fields) => {
    expect((await ask(fields)).errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect((await ask(fields, 'all')).errors).toBeUndefined();
  });

  it.each([
    ['jobs', () => '{ jobs { totalCount } }'],
    ['the jobs of its dataset', () => `{ jobs(datasetId: "${id}") { totalCount } }`],
    ['a job', () => `{ job(id: "${job}") { id } }`],
    ['another dataset', () => `{ dataset(id: "${other}") { name } }`],
    ['connections', () => '{ connections { totalCount } }'],
    ['a connection', () => '{ connection(id: "x") { sample } }'],
  ])('gets FORBIDDEN for %s', async (_, query) => {
    const { errors } = (await post(query(), 'part')) as Result;
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect(((await post(query(), 'all')) as Result).errors).toBeUndefined();
  });

  it('is not told whether a job exists', async () => {
    const [known] = ((await post(`{ job(id: "${job}") { id } }`, 'part')) as Result).errors ?? [];
    const [unknown] = ((await post('{ job(id: "none") { id } }', 'part')) as Result).errors ?? [];
    expect([known?.message, known?.extensions]).toEqual([unknown?.message, unknown?.extensions]);
  });

  it.each(['status', 'errors'])('gets FORBIDDEN for the %s of a job over REST', async (route) => {
    const get = (key: string) => fetch(`http://${host}/dataload/${job}/${route}`, { headers: { 'x-api-key': key } });
    const refused = await get('part');
    expect([refused.status, await refused.json()]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
    expect((await get('all')).status).toBe(200);
  });

  it.each([
    ['a job', () => `jobId: "${job}"`],
    ['the jobs of its dataset', () => `datasetId: "${id}"`],
  ])('gets FORBIDDEN when it watches %s', async (_, what) => {
    const query = `subscription { jobStatusChanged(${what()}) { status } }`;
    const firstOf = async (key: string) => {
      const connectionParams = { 'x-api-key': key };
      const client = createClient({ url: `ws://${host}/graphql`, webSocketImpl: WebSocket, connectionParams });
      try {
        return (await client.iterate({ query }).next()).value;
      } catch (errors) {
        return { errors };
      } finally {
        await client.dispose();
      }
    };
    expect(await firstOf('part')).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await firstOf('all')).toMatchObject({ data: { jobStatusChanged: { status: 'COMPLETE' } } });
  });

  it('gets CURSOR_EXPIRED for a cursor from before a reload, which still works for others', async () => {
    const page = 'records(first: 1) { pageInfo { endCursor } }';
    const cursorOf = async (key: string) => (await ask(page, key)).data?.dataset?.records?.pageInfo.endCursor;
    const [part, all] = [await cursorOf('part'), await cursorOf('all')];
    const { draftRevision: expectedRevision } = await bench.reader.catalog.existingDataset(id);
    const columns = [
      { id: 'n', link: null },
      { id: 'secret', enabled: false },
    ];
    await bench.useCases.designDrafts.update(id, { expectedRevision, columns }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    await bench.load(id);
    const next = (cursor: string | undefined) => `records(first: 10, after: "${cursor}") { nodes { id } }`;
    expect((await ask(next(part))).errors).toMatchObject([{ extensions: { code: 'CURSOR_EXPIRED' } }]);
    expect((await ask(next(all), 'all')).data?.dataset?.records?.nodes).toHaveLength(4);
  });
});
