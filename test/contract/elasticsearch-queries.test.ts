import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { elasticsearchRecordStore } from '../../src/adapters/elasticsearch/elasticsearch-record-store.js';
import { type ElasticsearchConfig, readConfig } from '../../src/config.js';
import { EVERYTHING, type RecordFilter } from '../../src/domain/query/record-query.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import type { RowWrite } from '../../src/ports/row-writes.js';
import { type NotedSearch, ProfilingClient } from '../support/elasticsearch/query-profiles.js';
import { storeEnv } from '../support/mongod.js';
import { namedCalls } from '../support/port-calls.js';
import { recordStoreCalls } from './record-store.calls.js';
import { COLUMNS, hidden, row, TEXT, tombstone } from './record-store.rows.js';

/** How many documents a search may read for each that it returns or counts: each part of an index is searched separately for the first rows. */
const A_RESULT = 3;
/** Documents that a search may read in addition, whatever it returns: for what it does not find, and for the ends of ranges. */
const SPARE = 10;

describe('the searches that the service sends to Elasticsearch', () => {
  let client: ProfilingClient;
  let records: RecordStore;
  let ofMany: RecordStore;
  beforeAll(() => {
    const { elasticsearch } = readConfig(storeEnv());
    client = new ProfilingClient(process.env.ELASTICSEARCH_URL ?? '');
    const connection = { client, silence: () => null };
    records = elasticsearchRecordStore(connection, elasticsearch as ElasticsearchConfig);
    ofMany = elasticsearchRecordStore(connection, elasticsearch as ElasticsearchConfig, 1);
  });
  afterAll(() => client.close());

  const calls = namedCalls({ records: recordStoreCalls(() => ofMany) });
  it.each(calls)(
    'examine only a few times as much as they return, of an index with many documents: %s',
    async (_name, call) => {
      const searches = await client.searchesOf(call);
      expect(searches.filter(examinesTooMuch)).toEqual([]);
    },
  );

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

  it('read a page of few documents at once, and one of large rows without reading too many', async () => {
    const small = Array.from({ length: 20 }, (_, n) => row(`r${20 + n}`, { c1: `text ${n}` }));
    const others = [tombstone('r10', 1), hidden('r11', 1), tombstone('r25x', 1)];
    await records.createGeneration(FEW, COLUMNS);
    const write = async (writes: readonly RowWrite[]) => {
      await records.writeRows(FEW, writes, () => undefined);
      await records.refresh(FEW);
    };
    const pageAfter = async (rowId: string) => {
      const after = { rowId, values: [] };
      return records.readPage(FEW, { filter: EVERYTHING, order: [], limit: 5, ...(rowId !== '' && { after }) });
    };
    await write([...small, ...others]);
    expect(await pageAfter('')).toMatchObject({ rows: small.slice(0, 5), hasNext: true });
    const searches = await client.searchesOf(async () => {
      expect(await pageAfter('')).toMatchObject({ rows: small.slice(0, 5), hasNext: true });
      expect(await pageAfter('r24')).toMatchObject({ rows: small.slice(5, 10), hasNext: true });
      expect(await pageAfter('r34')).toMatchObject({ rows: small.slice(15), hasNext: false });
      expect(await pageAfter('r39')).toMatchObject({ rows: [], hasNext: false });
    });
    expect(searches).toHaveLength(4);

    const large = row('r22x', { c1: 'x'.repeat(4_000_000) });
    const [first, second, third, fourth] = small;
    await write([large]);
    // The searches before did not know of it.
    for (const _ of [1, 2])
      expect(await pageAfter('')).toMatchObject({ rows: [first, second, third, large, fourth], hasNext: true });
    await records.dropGeneration(FEW);
  });
});

const FILTERED = 'rows_queries_2';
const FEW = 'rows_queries_3';

function examinesTooMuch({ examined, returned }: NotedSearch): boolean {
  return examined > A_RESULT * returned + SPARE;
}
