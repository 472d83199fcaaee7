import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LONGEST_MS, longestTurnOf, startWatchedService, type WatchedService } from '../support/watched-service.js';

const COLUMNS = 4_990;

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

describe('the event loop, while large answers are made,', () => {
  let dataDir: string;
  let service: WatchedService;
  let narrow: string;
  let wide: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-answers-'));
    service = await startWatchedService(dataDir);
    narrow = await dataset({ n: 1, a: 'x' });
    wide = await dataset(Object.fromEntries(Array.from({ length: COLUMNS }, (_, n) => [`k${n}`, 1])));
    await push(
      narrow,
      Array.from({ length: 2_000 }, (_, n) => ({ n, a: 'some text' })),
    );
    await push(
      wide,
      Array.from({ length: 100 }, () => Object.fromEntries(Array.from({ length: COLUMNS }, (_, n) => [`k${n}`, n]))),
    );
    await Promise.all(Array.from({ length: 300 }, (_, n) => push(narrow, [{ n, a: 'x' }])));
  });
  afterAll(async () => {
    await service.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function graphql<T>(query: string, variables: object = {}): Promise<T> {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${service.url}/graphql`, { method: 'POST', headers: service.headers, body });
    const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
    if (errors) throw new Error(errors.map(({ message }) => message).join());
    return data;
  }

  async function dataset(sample: object): Promise<string> {
    const made = await graphql<{ createDataset: { id: string } }>(
      'mutation($s: JSON!) { createDataset(input: {name: "d", sample: $s, apply: true}) { id } }',
      { s: sample },
    );
    return made.createDataset.id;
  }

  async function push(datasetId: string, records: readonly object[]): Promise<void> {
    const init = { method: 'POST', headers: service.headers, body: JSON.stringify(records) };
    const response = await fetch(`${service.url}/dataload/${datasetId}?wait=60`, init);
    expect(await response.text()).toContain('"status":"Complete"');
  }

  async function answersQuickly(
    query: string,
    variables: () => object | Promise<object> = () => ({}),
  ): Promise<unknown> {
    let data: unknown;
    const longest = await longestTurnOf(service, async () => {
      data = await graphql(query, await variables());
    });
    expect(longest).toBeLessThan(LONGEST_MS);
    return data;
  }

  async function revisionOf(id: string): Promise<number> {
    const read = await graphql<{ dataset: { design: { revision: number } } }>(
      `{ dataset(id: "${id}") { design { revision } } }`,
    );
    return read.dataset.design.revision;
  }

  const columns =
    'columns { id name type enabled uniqueIdentifier displayFormat inputFormat inputTimeZone link { url } sensitive securityName indexed origin }';
  const job =
    'id kind status counts { read added updated failed rows } history { status at } errors { nodes { message } } errorSummary { code } dataset { id name } attempts createdAt startedAt finishedAt requestedBy waitingFor';

  it.each<[string, (narrow: string, wide: string) => string]>([
    ['a page of 1,000 rows', (id) => `{ dataset(id: "${id}") { records(first: 1000) { nodes { id values } } } }`],
    [
      'a page of 1,000 rows, each field 190 times',
      (id) => `{ dataset(id: "${id}") { records(first: 1000) { nodes { ${times(190, (n) => `a${n}: id`)} } } } }`,
    ],
    [
      'a page of rows of 5,000 columns',
      (_, id) => `{ dataset(id: "${id}") { records(first: 200) { nodes { id values links } } } }`,
    ],
    [
      'the transformations and geolocations of a design, 190 times',
      (_, id) =>
        `{ dataset(id: "${id}") { design { ${times(95, (n) => `t${n}: transformations { id } g${n}: geolocations { id }`)} } } }`,
    ],
    ['300 jobs', () => `{ jobs(first: 300) { nodes { ${job} } } }`],
    ['5,000 columns', (_, id) => `{ dataset(id: "${id}") { design { ${columns} } } }`],
    [
      '5,000 columns, 20 times',
      (_, id) => `{ dataset(id: "${id}") { ${times(20, (n) => `d${n}: design { columns { id name } }`)} } }`,
    ],
    [
      'the faults and warnings of 5,000 columns, 60 times',
      (_, id) =>
        `{ dataset(id: "${id}") { ${times(60, (n) => `d${n}: design { faults { message } warnings { message } }`)} } }`,
    ],
    [
      'the changes of 5,000 columns, 60 times',
      (_, id) => `{ dataset(id: "${id}") { ${times(60, (n) => `c${n}: changes { path }`)} } }`,
    ],
  ])('is kept for a short time only by %s', async (_name, query) => {
    await answersQuickly(query(narrow, wide));
  });

  it('is kept for a short time only by changes of a design of 5,000 columns with links', async () => {
    const update =
      'mutation($d: ID!, $i: UpdateDesignInput!) { updateDesign(datasetId: $d, input: $i) { design { faults { message } } } }';
    for (const from of [0, 2_000, 4_000]) {
      const patched = Array.from({ length: Math.min(2_000, COLUMNS - from) }, (_, n) => {
        return { id: `k${from + n}`, link: { url: `https://h/{{k${(n * 7) % COLUMNS}}}`, title: null } };
      });
      await answersQuickly(update, async () => {
        return { d: wide, i: { expectedRevision: await revisionOf(wide), columns: patched } };
      });
    }
    await answersQuickly('mutation($d: ID!) { applyChanges(datasetId: $d) { dataset { status } } }', () => ({
      d: wide,
    }));
  });

  it.each([
    ['a few long texts', 'x', 4, 7_000_000],
    ['many texts', 'x', 700, 40_000],
    ['texts that JSON escapes', '"', 6, 4_900_000],
    ['texts of two-byte characters', 'é', 8, 2_400_000],
    ['texts of three-byte characters', '字', 8, 1_600_000],
  ])('is kept for a short time only by as many rows as a page has of %s', async (_name, character, rows, length) => {
    const texts = await dataset({ text: 'x' });
    const text = character.repeat(length);
    const perPush = Math.max(1, Math.floor(4_000_000 / length));
    for (let sent = 0; sent < rows; sent += perPush) {
      await push(
        texts,
        Array.from({ length: Math.min(perPush, rows - sent) }, () => ({ text })),
      );
    }
    const data = (await answersQuickly(
      `{ dataset(id: "${texts}") { records(first: 1000) { nodes { values } pageInfo { hasNextPage } } } }`,
    )) as { dataset: { records: { nodes: unknown[]; pageInfo: unknown } } };
    expect(data.dataset.records.pageInfo).toEqual({ hasNextPage: true });
    expect(Buffer.byteLength(JSON.stringify(data.dataset.records.nodes))).toBeGreaterThan(4_000_000);
  });

  it('answers all elements of long lists in their order', async () => {
    const { dataset: found } = (await answersQuickly(
      `{ dataset(id: "${wide}") { design { columns { id name type } } } }`,
    )) as { dataset: { design: { columns: { id: string; name: string; type: string }[] } } };
    expect(found.design.columns).toEqual(
      Array.from({ length: COLUMNS }, (_, n) => ({ id: `k${n}`, name: `k${n}`, type: 'NUMERIC' })),
    );
  });
});
