import { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DeleteAllDataDocument, ReadRecordsDocument, RebuildDatasetDocument } from '../generated/graphql.js';
import { TroubleBench, upTo } from '../support/elasticsearch/trouble-bench.js';
import { startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

jest.setTimeout(180_000);

describe('the index of one dataset', () => {
  const client = new Client({ node: process.env.ELASTICSEARCH_URL ?? '' });
  let bench: TroubleBench;
  beforeAll(async () => {
    bench = new TroubleBench(await startSluice());
  });
  afterAll(async () => {
    await bench.sluice.close();
    await client.close();
  });

  async function indexOf(datasetId: string): Promise<string> {
    const found = await client.indices.getAlias({ index: `sluice_rows_${datasetId}_*` });
    return Object.keys(found)[0] ?? '';
  }

  const aliasOf = (index: string) => index.replace(/-index$/, '');

  const block = (index: string[], value: boolean | null) =>
    client.indices.putSettings({ index, settings: { 'index.blocks.read_only_allow_delete': value } });

  /** The same index without its rows, on shards that need not be assigned. */
  async function recreate(index: string, settings: Record<string, number>): Promise<void> {
    const { [index]: { mappings, aliases } = {} } = await client.indices.get({ index });
    await client.indices.delete({ index });
    await client.indices.create({
      index,
      settings,
      wait_for_active_shards: 0,
      ...(mappings && { mappings }),
      ...(aliases && { aliases }),
    });
  }

  async function refusal(id: string): Promise<unknown> {
    const { errors } = await bench.sluice.execute(ReadRecordsDocument, { id });
    return errors?.[0]?.extensions?.code;
  }

  it('is blocked by a full disk: jobs wait, readiness names the index, and loads continue when it is released', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const index = await indexOf(id);
    expect(await bench.problems()).toEqual([]);
    await block([index], true);
    const job = await bench.push(id, { n: 0 }, { n: 1 });
    await bench.waiting(job, /cluster_block_exception/);
    expect(await bench.problems()).toEqual([
      expect.stringMatching(new RegExp(`^loads of dataset ${id} have been waiting since`)),
      expect.stringMatching(new RegExp(`${index}.* is blocked by index.blocks.read_only_allow_delete: .* disk`)),
    ]);
    await until('another try', async () => (await bench.sluice.job(job)).attempts > 1);
    await block([index], null);
    await bench.expectExact(id, [job], 2, true);
  });

  it('is blocked for more datasets than a worker loads in parallel: the others are loaded meanwhile', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => bench.sluice.dataset({ n: 0 })));
    const indices = await Promise.all(ids.map(indexOf));
    await block(indices, true);
    const jobs = await Promise.all(ids.map((id) => bench.push(id, { n: 0 })));
    await Promise.all(jobs.map((job) => bench.waiting(job, /cluster_block_exception/)));
    const free = await bench.sluice.dataset({ n: 0 });
    await bench.expectExact(free, [await bench.push(free, { n: 0 })], 1);
    for (const job of jobs) expect((await bench.sluice.job(job)).status).toBe('FILLING_ES');
    await Promise.all(jobs.map((job) => until('another try', async () => (await bench.sluice.job(job)).attempts > 1)));
    await block(indices, null);
    await Promise.all(ids.map((id, n) => bench.expectExact(id, [jobs[n] ?? ''], 1, true)));
  });

  const writes = (index: string, may: boolean) =>
    client.indices.updateAliases({ actions: [{ add: { index, alias: aliasOf(index), is_write_index: may } }] });
  const pipeline = (index: string, name: string) =>
    client.indices.putSettings({ index, settings: { index: { default_pipeline: name } } });

  it.each<[string, (index: string) => Promise<unknown>, (index: string) => Promise<unknown>, RegExp]>([
    [
      'is closed',
      (index) => client.indices.close({ index }),
      (index) => client.indices.open({ index }),
      /index_closed_exception/,
    ],
    [
      'is not writable through its alias',
      (index) => writes(index, false),
      (index) => writes(index, true),
      /no write index/,
    ],
    ['has a missing pipeline', (index) => pipeline(index, 'nowhere'), (index) => pipeline(index, '_none'), /pipeline/],
    [
      'has a second one under its alias',
      (index) => client.indices.create({ index: `other-${index}`, aliases: { [aliasOf(index)]: {} } }),
      (index) => client.indices.delete({ index: `other-${index}` }),
      /the alias sluice_rows_.* has 2 indices \(other-sluice_rows_.*; it must have one/,
    ],
  ])(
    '%s: its jobs wait, no record is refused, and they continue once it is fixed',
    async (_name, harm, fix, reason) => {
      const id = await bench.sluice.dataset({ n: 0 });
      const index = await indexOf(id);
      await harm(index);
      const job = await bench.push(id, { n: 0 }, { n: 1 });
      await bench.waiting(job, reason);
      expect(await bench.problems()).toContainEqual(
        expect.stringMatching(new RegExp(`^loads of dataset ${id} have been waiting since`)),
      );
      await fix(index);
      await bench.expectExact(id, [job], 2, true);
      expect(await bench.problems()).toEqual([]);
    },
  );

  it('has a second one under its alias: queries say so, and return no row twice', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    await bench.expectExact(id, [await bench.push(id, { n: 0 })], 1);
    const index = await indexOf(id);
    const { [index]: { mappings } = {} } = await client.indices.get({ index });
    const other = `other-${index}`;
    await client.indices.create({ index: other, aliases: { [aliasOf(index)]: {} }, ...(mappings && { mappings }) });
    expect(await refusal(id)).toBe('STORE_UNAVAILABLE');
    await client.indices.delete({ index: other });
    await bench.expectExact(id, [], 1);
  });

  it('would be created by a template that leaves out values: the job waits, names the setting, and continues without the template', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const template = { name: `of-others-${id}`, index_patterns: [`sluice_rows_${id}_*`] };
    await client.indices.putIndexTemplate({ ...template, template: { mappings: { _source: { excludes: ['c*'] } } } });
    const { deleteAllData } = await bench.sluice.query(DeleteAllDataDocument, { input: { datasetId: id } });
    await bench.waiting(deleteAllData.id, /_source\.excludes is c\*; change the setting, or the index template/);
    const job = await bench.push(id, { n: 0 });
    await client.indices.deleteIndexTemplate({ name: template.name });
    for (const one of [deleteAllData.id, job]) expect((await bench.sluice.finalJob(one)).status).toBe('COMPLETE');
    await bench.expectExact(id, [], 1);
  });

  it('is closed: queries say that it cannot be used', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const index = await indexOf(id);
    await client.indices.close({ index });
    expect(await refusal(id)).toBe('STORE_UNAVAILABLE');
    await client.indices.open({ index });
  });

  it('has lost a shard: nothing is counted or returned in part, jobs wait, and say so soon', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const index = await indexOf(id);
    await recreate(index, { 'index.number_of_shards': 2, 'index.routing.allocation.total_shards_per_node': 1 });
    const count = () => bench.sluice.execute(ReadRecordsDocument, { id, first: 0 });
    expect(await refusal(id)).toBe('STORE_UNAVAILABLE');
    expect((await count()).errors?.[0]?.extensions?.code).toBe('STORE_UNAVAILABLE');
    const job = await bench.push(id, ...upTo(20).map((n) => ({ n })));
    await bench.waiting(job, /shard/);
    await client.indices.putSettings({ index, settings: { 'index.routing.allocation.total_shards_per_node': 2 } });
    await bench.expectExact(id, [job], 20, true);
    expect((await count()).data?.dataset?.records.totalCount).toBe(20);
  });

  it('has lost an alias: queries and jobs say so, and rebuildDataset brings the rows back', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const first = await bench.push(id, ...upTo(3).map((n) => ({ n })));
    await bench.expectExact(id, [first], 3);
    const index = await indexOf(id);
    await client.indices.deleteAlias({ index, name: '*' });
    const job = await bench.push(id, { n: 3 });
    await bench.waiting(job, /index or alias of rows_.* is missing; rebuildDataset/);
    const { rebuildDataset } = await bench.sluice.query(RebuildDatasetDocument, { datasetId: id });
    expect((await bench.sluice.finalJob(rebuildDataset.id)).status).toBe('COMPLETE');
    expect((await bench.sluice.finalJob(job)).status).toBe('COMPLETE');
    expect((await bench.sluice.values(id, 'n')).map(({ n }) => n)).toEqual(upTo(4));
    await client.indices.delete({ index });
  });

  it('was deleted, and somebody has created another with its name: queries and jobs say so, and rebuildDataset brings the rows back', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    const first = await bench.push(id, ...upTo(3).map((n) => ({ n })));
    await bench.expectExact(id, [first], 3);
    const index = await indexOf(id);
    await client.indices.delete({ index });
    await client.index({ index: aliasOf(index), document: { other: true }, refresh: true });
    expect(await refusal(id)).toBe('STORE_UNAVAILABLE');
    const { rebuildDataset } = await bench.sluice.query(RebuildDatasetDocument, { datasetId: id });
    expect((await bench.sluice.finalJob(rebuildDataset.id)).status).toBe('COMPLETE');
    await bench.expectExact(id, [], 3);
    await client.indices.delete({ index: aliasOf(index) });
  });

  it('was lost and is restored by hand: the dataset works again, without a rebuild', async () => {
    const id = await bench.sluice.dataset({ n: 0 });
    await bench.expectExact(id, [await bench.push(id, { n: 0 })], 1);
    const index = await indexOf(id);
    await client.indices.deleteAlias({ index, name: '*' });
    expect(await refusal(id)).toBe('STORE_UNAVAILABLE');
    await writes(index, true);
    await bench.expectExact(id, [await bench.push(id, { n: 1 })], 2);
  });
});
