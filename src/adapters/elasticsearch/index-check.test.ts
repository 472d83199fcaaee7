import type { estypes } from '@elastic/elasticsearch';
import { describe, expect, it } from '@jest/globals';
import { aliasOf, indexDefinition, indexOf, propertiesFor } from './generation-index.js';
import { checkIndex } from './index-check.js';

const GENERATION = 'rows_x_1';
const ALIAS = aliasOf(GENERATION);
const INDEX = indexOf(GENERATION);
const FIELDS = propertiesFor([
  { storedKey: 'c1', type: 'TEXT' },
  { storedKey: 'c2', type: 'DATETIME' },
]);
const LAYOUT = { shards: 3, replicas: '2', refreshInterval: '-1' };

/** What Elasticsearch returns for an index as it was created; settings are texts. */
function asMade(): estypes.IndicesIndexState {
  const { settings, mappings, aliases } = indexDefinition(GENERATION, FIELDS, LAYOUT);
  const given = Object.entries({ ...settings }).map(([name, value]) => [name, value === null ? null : String(value)]);
  return {
    settings: Object.fromEntries(given),
    ...(mappings && { mappings }),
    ...(aliases && { aliases }),
  };
}

function withSetting(name: string, value: string): estypes.IndicesIndexState {
  const made = asMade();
  return { ...made, settings: { ...made.settings, [name]: value } };
}

function withMapping(mapping: estypes.MappingTypeMapping): estypes.IndicesIndexState {
  const made = asMade();
  const properties = { ...made.mappings?.properties, ...mapping.properties };
  return { ...made, mappings: { ...made.mappings, ...mapping, properties } };
}

function withAlias(alias: estypes.IndicesAlias): estypes.IndicesIndexState {
  return { ...asMade(), aliases: { [ALIAS]: alias } };
}

const check = (state: estypes.IndicesIndexState) => checkIndex(ALIAS, { [INDEX]: state }, FIELDS);

describe('the check of an index', () => {
  it('accepts an index as it was created, and counts its shards and copies', () => {
    expect(check(asMade())).toMatchObject({ name: INDEX, shards: 3, copies: 9 });
  });

  it.each<[string, estypes.IndicesIndexState]>([
    ['a larger window', withSetting('index.max_result_window', '50000')],
    ['settings that say nothing of rows', withSetting('index.codec', 'best_compression')],
    ['fields and aliases of others', { ...withMapping({ properties: { at: { type: 'date' } } }) }],
    ['no settings but the defaults', { ...asMade(), settings: { 'index.number_of_shards': '1' } as object }],
  ])('accepts %s', (_name, state) => {
    expect(check(state)).toMatchObject({ name: INDEX });
  });

  it.each<[string, estypes.IndicesIndexState]>([
    ['index.mapping.ignore_above is 256 instead of 2147483647', withSetting('index.mapping.ignore_above', '256')],
    ['index.max_result_window is 10 instead of 10000 or more', withSetting('index.max_result_window', '10')],
    ['index.translog.durability is async instead of request', withSetting('index.translog.durability', 'async')],
    ['index.mode is logsdb instead of standard', withSetting('index.mode', 'logsdb')],
    ['index.final_pipeline is x instead of _none', withSetting('index.final_pipeline', 'x')],
    ['index.sort.field is i instead of not set', withSetting('index.sort.field', 'i')],
    ['index.lifecycle.name is 30-days instead of not set', withSetting('index.lifecycle.name', '30-days')],
    ['_source.enabled is false', withMapping({ _source: { enabled: false } })],
    ['_source.excludes is c*', withMapping({ _source: { excludes: ['c*'] } })],
    ['_source.includes is z', withMapping({ _source: { includes: ['z'] } })],
    ['_source.mode is synthetic', withMapping({ _source: { mode: 'synthetic' } })],
    ['_routing.required is true', withMapping({ _routing: { required: true } })],
    ['the runtime field c1 hides', withMapping({ runtime: { c1: { type: 'long' } } })],
    ['ignore_above of field c1 is 3', withMapping({ properties: { c1: { type: 'keyword', ignore_above: 3 } } })],
    ['null_value of field i is "x"', withMapping({ properties: { i: { type: 'keyword', null_value: 'x' } } })],
    ['copy_to of field c1l is "c1"', withMapping({ properties: { c1l: { ...FIELDS.c1l, copy_to: 'c1' } as object } })],
    ['type of field c1 is "text"', withMapping({ properties: { c1: { type: 'text' } } })],
    ['format of field c2d is undefined', withMapping({ properties: { c2d: { type: 'date' } } })],
    ['its alias has a filter', withAlias({ filter: { term: { c1: 'a' } } })],
    ['its alias has a routing', withAlias({ search_routing: 'a' })],
  ])('refuses an index if %s', (fault, state) => {
    expect(() => check(state)).toThrow(
      expect.objectContaining({
        code: 'BLOCKED',
        message: expect.stringContaining(`index ${INDEX} cannot hold rows: ${fault}`),
      }),
    );
  });

  it('names every fault, up to five', () => {
    const settings = { 'index.max_terms_count': '1', 'index.max_regex_length': '2', 'index.mode': 'lookup' };
    const _source = { enabled: false, excludes: ['a'], includes: ['b'] };
    const state = { ...withMapping({ _source }), settings: settings as object };
    expect(() => check(state)).toThrow(/max_terms_count .*max_regex_length .*mode .*_source.enabled .*and 1 more;/);
  });

  it('refuses a second index under the alias', () => {
    const found = { [INDEX]: asMade(), another: withAlias({}) };
    expect(() => checkIndex(ALIAS, found)).toThrow(
      expect.objectContaining({
        code: 'BLOCKED',
        message: expect.stringContaining(`(another, ${INDEX}); it must have one`),
      }),
    );
  });

  it.each([
    ['the alias has no index', {}],
    ['there is an index with its name', { [ALIAS]: { ...asMade(), aliases: {} } }],
  ])('says that the rows are missing if %s', (_name, found) => {
    expect(() => checkIndex(ALIAS, found)).toThrow(expect.objectContaining({ code: 'GENERATION_MISSING' }));
  });
});
