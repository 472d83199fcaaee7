import { randomUUID } from 'node:crypto';
import { Client, type estypes } from '@elastic/elasticsearch';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { elasticsearchRecordStore } from '../../src/adapters/elasticsearch/elasticsearch-record-store.js';
import { EVERYTHING, type RecordFilter } from '../../src/domain/query/record-query.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import { COLUMNS, row, TEXT } from './record-store.rows.js';

const LAYOUT = { shards: 1, replicas: '0', refreshInterval: '-1' };
const owned = () => undefined;

/** A record store as in another process. */
const processOn = (client: Client) => elasticsearchRecordStore({ client, silence: () => null }, LAYOUT);

/** Indices in a cluster whose other users have their own settings. */
describe('the index of a generation', () => {
  let client: Client;
  let store: RecordStore;
  let name: string;
  beforeAll(() => {
    client = new Client({ node: process.env.ELASTICSEARCH_URL ?? '' });
  });
  beforeEach(() => {
    store = processOn(client);
    name = `rows_${randomUUID()}_1`;
  });
  afterEach(async () => {
    await client.indices.deleteIndexTemplate({ name }, { ignore: [404] });
    await client.indices.deleteTemplate({ name }, { ignore: [404] });
    await store.dropGeneration(name);
  });
  afterAll(() => client.close());

  /** A template that matches the index, as one for `sluice*` would. */
  const template = (made: estypes.IndicesPutIndexTemplateIndexTemplateMapping, more: object = {}) =>
    client.indices.putIndexTemplate({ name, index_patterns: [`sluice_${name}*`], template: made, ...more });

  /** A legacy template, whose fields are merged with those of the index. */
  const oldTemplate = (mappings: estypes.MappingTypeMapping) =>
    client.indices.putTemplate({ name, index_patterns: [`sluice_${name}*`], mappings });

  const indices = async () => Object.keys(await client.indices.get({ index: `sluice_${name}*` }));

  async function expectWhole(): Promise<void> {
    const long = 'x'.repeat(300);
    const rows = [row('a', { c1: long, c2: 1 }), row('b', { c1: 'y', c2: 2 }), row('c', {})];
    expect(await store.writeRows(name, rows, owned)).toEqual([]);
    await store.refresh(name);
    const found = async (filter: RecordFilter) =>
      (await store.readPage(name, { filter, order: [], limit: 5_000 })).rows.map(({ id }) => id);
    expect((await store.readPage(name, { filter: EVERYTHING, order: [], limit: 5_000 })).rows).toEqual(rows);
    expect(await found({ kind: 'IN', column: TEXT, values: [long] })).toEqual(['a']);
    expect(await found({ kind: 'IS_NULL', column: TEXT })).toEqual(['c']);
    expect(await store.count(name, EVERYTHING)).toBe(3);
  }

  it.each<[string, estypes.IndicesPutIndexTemplateIndexTemplateMapping]>([
    ['leaves long texts out', { settings: { 'index.mapping.ignore_above': 256 } }],
    ['keeps no source', { mappings: { _source: { enabled: false } } }],
    ['is for logs', { settings: { 'index.mode': 'logsdb' } }],
    [
      'sorts',
      {
        settings: { 'index.sort.field': 'at', 'index.sort.order': 'desc' },
        mappings: { properties: { at: { type: 'date' } } },
      },
    ],
    [
      'has small bounds and weak writes',
      {
        settings: {
          'index.max_result_window': 10,
          'index.max_terms_count': 1,
          'index.max_regex_length': 1,
          'index.mapping.total_fields.limit': 1,
          'index.mapping.ignore_malformed': true,
          'index.translog.durability': 'async',
          'index.number_of_routing_shards': 7,
          'index.auto_expand_replicas': '0-all',
        },
      },
    ],
    ['has pipelines', { settings: { 'index.default_pipeline': 'nowhere', 'index.final_pipeline': 'nowhere' } }],
    [
      'adds fields and aliases',
      {
        mappings: { subobjects: false, dynamic: true, properties: { at: { type: 'date' }, c1: { type: 'text' } } },
        aliases: { [`of-others-${randomUUID()}`]: {} },
      },
    ],
  ])('stores rows correctly despite a template that %s', async (_name, made) => {
    await template(made);
    await store.createGeneration(name, COLUMNS);
    await expectWhole();
  });

  it.each<[string, RegExp, () => Promise<unknown>]>([
    [
      'leaves fields out of the source',
      /_source\.excludes is c\*/,
      () => template({ mappings: { _source: { excludes: ['c*'] } } }),
    ],
    [
      'keeps some of the source',
      /_source\.includes is c1/,
      () => template({ mappings: { _source: { includes: ['c1'] } } }),
    ],
    ['needs a routing', /_routing\.required is true/, () => template({ mappings: { _routing: { required: true } } })],
    ['hides a field', /runtime field c1 hides/, () => template({ mappings: { runtime: { c1: { type: 'long' } } } })],
    [
      'of the old kind leaves long texts out',
      /ignore_above of field c1 is 256/,
      () => oldTemplate({ properties: { c1: { type: 'keyword', ignore_above: 256 } } }),
    ],
    [
      'of the old kind adds to a field',
      /fields of field c1 is .*null_value|null_value of field c1 is "none"/,
      () => oldTemplate({ properties: { c1: { type: 'keyword', null_value: 'none' } } }),
    ],
    ['makes data streams', /data streams only/, () => template({}, { data_stream: {}, priority: 1_000 })],
  ])(
    'is not created under a template that %s; the setting is named, and the index is created once the template is gone',
    async (_name, reason, put) => {
      await put();
      const making = store.createGeneration(name, COLUMNS);
      await expect(making).rejects.toMatchObject({ code: 'BLOCKED', message: expect.stringMatching(reason) });
      await expect(making).rejects.toThrow(/template/);
      expect(await indices()).toEqual([]);
      await client.indices.deleteIndexTemplate({ name }, { ignore: [404] });
      await client.indices.deleteTemplate({ name }, { ignore: [404] });
      await store.createGeneration(name, COLUMNS);
      await expectWhole();
    },
  );

  it('is created again if an earlier attempt left a wrong, empty one', async () => {
    const alias = `sluice_${name}`;
    await client.indices.create({ index: `${alias}-index`, aliases: { [alias]: {} } });
    await expect(store.createGeneration(name, COLUMNS)).rejects.toMatchObject({
      code: 'BLOCKED',
      message: expect.stringContaining('field i is missing'),
    });
    expect(await indices()).toEqual([]);
    await store.createGeneration(name, COLUMNS);
    await expectWhole();
  });

  const set = (settings: estypes.IndicesIndexSettings) =>
    client.indices.putSettings({ index: `sluice_${name}`, settings });
  const writing = (records: RecordStore) => records.writeRows(name, [row('a', { c1: 'x' })], owned);

  it('is checked before a process first writes it: a wrong setting is named, and rows are written once it is corrected', async () => {
    await store.createGeneration(name, COLUMNS);
    await set({ 'index.default_pipeline': 'others', 'index.translog.durability': 'async' });
    const another = processOn(client);
    for (const request of [writing(another), another.count(name, EVERYTHING), another.readRows(name, ['a'])]) {
      await expect(request).rejects.toMatchObject({
        code: 'BLOCKED',
        message: expect.stringMatching(
          /index\.default_pipeline is others instead of _none, index\.translog\.durability is async/,
        ),
      });
    }
    await set({ 'index.default_pipeline': null, 'index.translog.durability': null });
    expect(await writing(another)).toEqual([]);
  });

  it('names the setting that makes a search fail, if it was changed while the process ran', async () => {
    await store.createGeneration(name, COLUMNS);
    await writing(store);
    await store.refresh(name);
    const scan = () => store.scan(name, EVERYTHING, '', { maxRows: 5_000, maxBytes: 1_000_000 });
    await set({ 'index.max_result_window': 10 });
    await expect(scan()).rejects.toMatchObject({
      code: 'BLOCKED',
      message: expect.stringContaining('index.max_result_window is 10 instead of 10000 or more'),
    });
    await set({ 'index.max_result_window': 10_000 });
    expect(await scan()).toHaveLength(1);
  });

  it('is refused if its alias has a second index: nothing is read twice or written elsewhere, and both are named', async () => {
    await store.createGeneration(name, COLUMNS);
    await writing(store);
    await store.refresh(name);
    const other = `others-of-${name}`;
    const { [`sluice_${name}-index`]: ours } = await client.indices.get({ index: `sluice_${name}-index` });
    await client.indices.create({ index: other, ...(ours?.mappings && { mappings: ours.mappings }) });
    const alias = { alias: `sluice_${name}`, is_write_index: true };
    const actions = [
      { add: { index: `sluice_${name}-index`, ...alias, is_write_index: false } },
      { add: { index: other, ...alias } },
    ];
    await client.indices.updateAliases({ actions });
    try {
      const requests = {
        count: () => store.count(name, EVERYTHING),
        readPage: () => store.readPage(name, { filter: EVERYTHING, order: [], limit: 10 }),
        scan: () => store.scan(name, EVERYTHING, '', { maxRows: 10, maxBytes: 1_000 }),
        refresh: () => store.refresh(name),
        writeRows: () => writing(store),
        sweepTombstones: () => store.sweepTombstones(name, 0),
      };
      for (const request of Object.values(requests)) {
        await expect(request()).rejects.toMatchObject({
          code: 'BLOCKED',
          message: expect.stringContaining(`has 2 indices (${other}, sluice_${name}-index)`),
        });
      }
      await client.indices.updateAliases({ actions: [{ remove: { index: other, alias: `sluice_${name}` } }] });
      await client.indices.putAlias({ index: `sluice_${name}-index`, name: `sluice_${name}`, is_write_index: true });
      expect(await store.count(name, EVERYTHING)).toBe(1);
      expect(await writing(store)).toEqual([]);
    } finally {
      await client.indices.delete({ index: other });
    }
  });

  it('does not count a row as stored if it went to another index', async () => {
    await store.createGeneration(name, COLUMNS);
    await writing(store);
    const other = `others-of-${name}`;
    await client.indices.create({ index: other, mappings: { dynamic: false } });
    try {
      const alias = `sluice_${name}`;
      const actions = [{ remove: { index: `${alias}-index`, alias } }, { add: { index: other, alias } }];
      await client.indices.updateAliases({ actions });
      await expect(writing(store)).rejects.toMatchObject({
        code: 'BLOCKED',
        message: expect.stringContaining(`a row went to index ${other} instead of ${alias}-index`),
      });
    } finally {
      await client.indices.delete({ index: other });
    }
  });
});
