import { randomUUID } from 'node:crypto';
import { Client, type estypes } from '@elastic/elasticsearch';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { elasticsearchRecordStore } from '../../src/adapters/elasticsearch/elasticsearch-record-store.js';
import { type ElasticsearchConfig, readConfig } from '../../src/config.js';
import { EVERYTHING, type StoredColumn } from '../../src/domain/query/record-query.js';
import type { ColumnType } from '../../src/domain/sample/source-field.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import { CALLER, type OpenLaneBench, openLaneBench } from '../support/lane.js';
import { storeEnv } from '../support/mongod.js';
import { COLUMNS, row, tombstone } from './record-store.rows.js';

const owned = () => undefined;

/** What Elasticsearch returns for the index of a generation. */
describe('the index of a generation', () => {
  let client: Client;
  let made: string[] = [];
  beforeAll(() => {
    client = new Client({ node: process.env.ELASTICSEARCH_URL ?? '' });
  });
  afterEach(async () => {
    for (const name of made) await storeWith().dropGeneration(name);
    made = [];
  });
  afterAll(() => client.close());

  /** A store as in a service with these variables. */
  function storeWith(env: NodeJS.ProcessEnv = {}, through = client): RecordStore {
    const { elasticsearch } = readConfig({ ...storeEnv(), ...env });
    return elasticsearchRecordStore({ client: through, silence: () => null }, elasticsearch as ElasticsearchConfig);
  }

  async function generation(store: RecordStore, columns: readonly StoredColumn[] = COLUMNS): Promise<string> {
    const name = `rows_${randomUUID()}_1`;
    made.push(name);
    await store.createGeneration(name, columns);
    return name;
  }

  async function stateOf(name: string): Promise<estypes.IndicesIndexState> {
    const [state, ...others] = Object.values(await client.indices.get({ index: `sluice_${name}*` }));
    expect(others).toEqual([]);
    return state ?? {};
  }

  async function settingsOf(env: NodeJS.ProcessEnv) {
    const { index = {} } = (await stateOf(await generation(storeWith(env)))).settings ?? {};
    const { number_of_shards, number_of_replicas, auto_expand_replicas, refresh_interval } = index;
    return { number_of_shards, number_of_replicas, auto_expand_replicas, refresh_interval };
  }

  const indices = async (name: string) => Object.keys(await client.indices.get({ index: `sluice_${name}*` }));

  it('has the shards, replicas and refresh interval of the configuration', async () => {
    const expanding = { ELASTICSEARCH_REPLICAS: undefined };
    // One node has room for no replica.
    const defaults = { number_of_shards: '1', number_of_replicas: '0', refresh_interval: '-1' };
    expect(await settingsOf(expanding)).toEqual({ ...defaults, auto_expand_replicas: '0-1' });
    const given = { SHARDS: '3', REPLICAS: '2', REFRESH_INTERVAL: '30s' };
    const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [`ELASTICSEARCH_${name}`, value]));
    expect(await settingsOf(env)).toEqual({
      number_of_shards: '3',
      number_of_replicas: '2',
      auto_expand_replicas: 'false',
      refresh_interval: '30s',
    });
  });

  it('is written through its own alias', async () => {
    const name = await generation(storeWith());
    expect((await stateOf(name)).aliases).toEqual({ [`sluice_${name}`]: { is_write_index: true } });
    expect(await indices(name)).not.toContain(`sluice_${name}`);
  });

  it('accepts no field that is not in its mapping', async () => {
    const name = await generation(storeWith());
    expect((await stateOf(name)).mappings?.dynamic).toBe('strict');
    const [refused] = await storeWith().writeRows(name, [row('a', { c99: 1 })], owned);
    expect(refused).toMatchObject({ id: 'a', reason: expect.stringContaining('strict_dynamic_mapping_exception') });
  });

  it.each<[ColumnType, string, estypes.MappingProperty]>([
    ['TEXT', 'c1', { type: 'keyword' }],
    ['TEXT_ARRAY', 'c1', { type: 'keyword' }],
    ['NUMERIC', 'c1', { type: 'double' }],
    ['NUMERIC_ARRAY', 'c1', { type: 'double' }],
    ['BOOLEAN', 'c1', { type: 'boolean' }],
    ['BOOLEAN_ARRAY', 'c1', { type: 'boolean' }],
    ['DATETIME', 'c1d', { type: 'date', format: 'epoch_millis' }],
    ['DATETIME_ARRAY', 'c1d', { type: 'date', format: 'epoch_millis' }],
    ['GEO_POINT', 'c1', { type: 'geo_point' }],
  ])('has a field of the right type for a column of %s', async (type, field, property) => {
    const name = await generation(storeWith(), [{ storedKey: 'c1', type }]);
    const { i, e, p, h, d, t, b, m, x, j, ...fields } = (await stateOf(name)).mappings?.properties ?? {};
    expect([i, e, p, h, d, t, b, m, x, j]).not.toContain(undefined);
    const long = { c1l: { type: 'keyword', index: false } };
    const numbers = { c1x: { type: 'double', index: false }, c1y: { type: 'double', index: false } };
    const others = { ...(type.startsWith('TEXT') && long), ...(type === 'GEO_POINT' && numbers) };
    expect(fields).toEqual({ [field]: property, ...others });
  });

  it('has room for the fields of a wide design, and accepts its rows', async () => {
    const columns = Array.from({ length: 3_000 }, (_, n): StoredColumn => ({ storedKey: `c${n + 1}`, type: 'TEXT' }));
    const store = storeWith();
    const name = await generation(store, columns);
    const wide = row('a', Object.fromEntries(columns.map(({ storedKey }) => [storedKey, storedKey.repeat(300)])));
    expect(await store.writeRows(name, [wide], owned)).toEqual([]);
    await store.refresh(name);
    const filter = { kind: 'IN', column: { storedKey: 'c3000', type: 'TEXT' }, values: ['c3000'.repeat(300)] } as const;
    expect((await store.readPage(name, { filter, order: [], limit: 1 })).rows).toEqual([wide]);
  });

  it('is not created again by a bulk that comes after it was dropped', async () => {
    const store = storeWith();
    const name = await generation(store);
    await store.dropGeneration(name);
    const missing = { code: 'GENERATION_MISSING' };
    await expect(store.writeRows(name, [row('a', {})], owned)).rejects.toMatchObject(missing);
    await expect(store.count(name, EVERYTHING)).rejects.toMatchObject(missing);
    expect(await indices(name)).toEqual([]);
  });

  it('is not created again by a sweep during which it was dropped', async () => {
    const store = storeWith();
    const name = await generation(store);
    await store.writeRows(name, [tombstone('a', 1)], owned);
    await store.refresh(name);
    const late = new Client({ node: process.env.ELASTICSEARCH_URL ?? '' });
    const search = late.search.bind(late);
    late.search = (async (...args: Parameters<typeof search>) => {
      const found = await search(...args);
      if (found.hits.hits.length > 0) await store.dropGeneration(name);
      return found;
    }) as unknown as typeof late.search;
    const sweeping = storeWith({}, late).sweepTombstones(name, -60_000);
    expect(await sweeping).toBe(0);
    expect(await indices(name)).toEqual([]);
    await late.close();
  });
});

describe('the source records in an index', () => {
  let bench: OpenLaneBench;
  let client: Client;
  beforeAll(async () => {
    client = new Client({ node: process.env.ELASTICSEARCH_URL ?? '' });
    bench = await openLaneBench();
  });
  afterAll(async () => {
    await bench.close();
    await client.close();
  });

  async function stored(datasetId: string, query: estypes.QueryDslQueryContainer = { match_all: {} }) {
    const { generation } = (await bench.catalog.findDataset(datasetId)) ?? {};
    const { hits } = await client.search<Record<string, unknown>>({ index: `sluice_${generation}`, query });
    return hits.hits.map(({ _source }) => _source ?? {});
  }

  it('are stored only if the design has an identifier, and cannot be searched', async () => {
    const sample = { k: 'a', text: 'x' };
    const [plain, identified] = [await bench.dataset(sample), await bench.dataset(sample)];
    const columns = [{ id: 'k', uniqueIdentifier: true }];
    await bench.useCases.designDrafts.update(identified, { expectedRevision: 1, columns }, CALLER);
    await bench.useCases.applyChanges(identified, CALLER);
    for (const id of [plain, identified]) {
      await bench.push(id, [{ k: 'b', text: 'y' }]);
      await bench.load(id);
    }
    const [row, ...others] = await stored(identified);
    expect([JSON.parse(String(row?.j)), others]).toEqual([{ k: 'b', text: 'y' }, []]);
    expect(await stored(plain)).toEqual([expect.not.objectContaining({ j: expect.anything() })]);
    expect(await stored(identified, { exists: { field: 'j' } })).toEqual([]);
    expect(await stored(identified, { exists: { field: 'c1' } })).toHaveLength(1);
  });
});
