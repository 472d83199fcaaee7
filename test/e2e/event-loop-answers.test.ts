import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LONGEST_MS, longestTurnOf, startWatchedService, type WatchedService } from '../support/watched-service.js';

const COLUMNS = 4_990;

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

describe('the event loop, while large answers are made,', () => {
  let service: WatchedService;
  let narrow: string;
  let wide: string;
  beforeAll(async () => {
    service = await startWatchedService();
    narrow = await service.dataset({ n: 1, a: 'x' });
    wide = await service.dataset(Object.fromEntries(Array.from({ length: COLUMNS }, (_, n) => [`k${n}`, 1])));
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
  afterAll(() => service.close());

  async function push(datasetId: string, records: readonly object[]): Promise<void> {
    const response = await service.post(`/dataload/${datasetId}?wait=60`, JSON.stringify(records));
    expect(await response.text()).toContain('"status":"Complete"');
  }

  async function answersQuickly(
    query: string,
    variables: () => object | Promise<object> = () => ({}),
    mayBeRefused = false,
  ): Promise<unknown> {
    let data: unknown;
    const longest = await longestTurnOf(service, async () => {
      const asked = service.graphql(query, await variables());
      data = await (mayBeRefused ? asked.catch(() => null) : asked);
    });
    expect(longest).toBeLessThan(LONGEST_MS);
    return data;
  }

  async function revisionOf(id: string): Promise<number> {
    const read = await service.graphql<{ dataset: { design: { revision: number } } }>(
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

  it('is kept for a short time only by large samples, and by the commands that contain them, many times', async () => {
    const sample = Array.from({ length: 10_000 }, (_, n) => ({ n, text: 'x'.repeat(50), more: [{ a: n }] }));
    const create = 'mutation($s: JSON!) { createDataset(input: {name: "large", sample: $s, apply: true}) { id } }';
    for (let made = 0; made < 5; made += 1) await service.graphql(create, { s: sample });
    const samples = times(50, (n) => `s${n}: sample f${n}: fields { path }`);
    await answersQuickly(`{ connections(first: 20, search: "large") { nodes { ${samples} } } }`, undefined, true);
    const commands = times(100, (n) => `p${n}: pushInstructions { postData }`);
    await answersQuickly(`{ datasets(first: 20, search: "large") { nodes { ${commands} } } }`, undefined, true);
    const shown = await answersQuickly(
      '{ connections(first: 1, search: "large") { nodes { sample fields { path } } } }',
    );
    expect(shown).toMatchObject({
      connections: {
        nodes: [{ sample, fields: [{ path: 'n' }, { path: 'text' }, { path: 'more' }, { path: 'more.a' }] }],
      },
    });
  });

  it('is kept for a short time only by a large refused record, many times', async () => {
    const { createDataset } = await service.graphql<{ createDataset: { id: string } }>(
      'mutation { createDataset(input: {name: "q", sample: {n: [1]}, apply: true, mismatchPolicy: QUARANTINE}) { id } }',
    );
    const refused = { n: Array.from({ length: 90_000 }, (_, n) => (n === 0 ? 'no number' : n)) };
    await push(createDataset.id, [{ n: [1] }, refused]);
    const records = times(150, (n) => `r${n}: record`);
    const query = (selected: string) =>
      `{ dataset(id: "${createDataset.id}") { quarantine(first: 1) { nodes { ${selected} } } } }`;
    await answersQuickly(query(records), undefined, true);
    expect(await answersQuickly(query('record'))).toMatchObject({
      dataset: { quarantine: { nodes: [{ record: refused }] } },
    });
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
    const texts = await service.dataset({ text: 'x' });
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

  it('is kept for a short time only by the designs of many wide datasets', async () => {
    const sample = Object.fromEntries(Array.from({ length: COLUMNS }, (_, n) => [`k${n}`, 1]));
    for (let n = 0; n < 8; n += 1) await service.dataset(sample);
    await answersQuickly('{ datasets(first: 8) { nodes { design { revision } } } }');
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
