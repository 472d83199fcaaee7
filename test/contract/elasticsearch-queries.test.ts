import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { elasticsearchRecordStore } from '../../src/adapters/elasticsearch/elasticsearch-record-store.js';
import { type ElasticsearchConfig, readConfig } from '../../src/config.js';
import type { RecordFilter } from '../../src/domain/query/record-query.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import { type NotedSearch, ProfilingClient } from '../support/elasticsearch/query-profiles.js';
import { storeEnv } from '../support/mongod.js';
import { namedCalls } from '../support/port-calls.js';
import { recordStoreCalls } from './record-store.calls.js';
import { COLUMNS, row, TEXT } from './record-store.rows.js';

/** How many documents a search may read for each that it returns or counts: each part of an index is searched separately for the first rows. */
const A_RESULT = 3;
/** Documents that a search may read in addition, whatever it returns: for what it does not find, and for the ends of ranges. */
const SPARE = 10;

describe('the searches that the service sends to Elasticsearch', () => {
  let client: ProfilingClient;
  let records: RecordStore;
  beforeAll(() => {
    const { elasticsearch } = readConfig(storeEnv());
    client = new ProfilingClient(process.env.ELASTICSEARCH_URL ?? '');
    records = elasticsearchRecordStore({ client, silence: () => null }, elasticsearch as ElasticsearchConfig);
  });
  afterAll(() => client.close());

  const calls = namedCalls({ records: recordStoreCalls(() => records) });
  it.each(calls)('examine only a few times as much as they return: %s', async (_name, call) => {
    const searches = await client.searchesOf(call);
    expect(searches.filter(examinesTooMuch)).toEqual([]);
  });

  it('read only the rows that match a filter, also after a cursor', async () => {
    const filter: RecordFilter = { kind: 'IN', column: TEXT, values: ['few'] };
    const rows = Array.from({ length: 1_000 }, (_, n) => row(`r${1_000 + n}`, { c1: n % 50 === 0 ? 'few' : 'many' }));
    await records.createGeneration(FILTERED, COLUMNS);
    await records.writeRows(FILTERED, rows, () => undefined);
    await records.refresh(FILTERED);
    const after = 'r1100';
    const searches = await client.searchesOf(async () => {
      const page = await records.readPage(FILTERED, {
        filter,
        order: [],
        limit: 5,
        after: { rowId: after, values: [] },
      });
      expect(page.rows.map(({ id }) => id)).toEqual(['r1150', 'r1200', 'r1250', 'r1300', 'r1350']);
      const scanned = await records.scan(FILTERED, filter, after, { maxRows: 5, maxBytes: 1_000_000 });
      expect(scanned).toEqual(page.rows);
    });
    await records.dropGeneration(FILTERED);
    expect(searches.filter(({ examined }) => examined > 40)).toEqual([]);
  });
});

const FILTERED = 'rows_queries_2';

function examinesTooMuch({ examined, returned }: NotedSearch): boolean {
  return examined > A_RESULT * returned + SPARE;
}
