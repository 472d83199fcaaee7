import { beforeEach, describe, expect, it } from '@jest/globals';
import { memoryRecordStore } from '../adapters/memory/memory-record-store.js';
import { EVERYTHING } from '../domain/query/record-query.js';
import type { RecordStore } from '../ports/record-store.js';
import type { RowWrite } from '../ports/row-writes.js';
import type { GroupRun } from './group-run.js';
import { firstOf, hasOthers, othersOf, type RecordWithRows } from './rows-of-record.js';
import { repeatable, writeRecords } from './write-records.js';

const GENERATION = 'rows_d_1';
const SAVED = new Date(0);

/** A record with these values, as a design makes a row of each. */
function recordOf(recordId: string, values: readonly string[], version = 1): RecordWithRows {
  return { recordId, version, savedAt: SAVED, rows: values.map((c1) => ({ c1 })), source: undefined };
}

describe('writing records', () => {
  let store: RecordStore;
  /** The ids of each request. */
  let requests: string[][];
  let rejectedId: string | null;
  beforeEach(async () => {
    store = memoryRecordStore();
    await store.createGeneration(GENERATION, []);
    requests = [];
    rejectedId = null;
  });

  function run(): GroupRun {
    const writeRows: RecordStore['writeRows'] = async (generation, writes, stillOwned) => {
      const all: RowWrite[] = [...writes];
      requests.push(all.map(({ id }) => id));
      const taken = all.filter(({ id }) => id !== rejectedId);
      await store.writeRows(generation, taken, stillOwned);
      return taken.length === all.length ? [] : [{ id: rejectedId ?? '', reason: 'no' }];
    };
    const held = { stillOwned: () => undefined };
    return {
      held,
      storeStep: <T>(step: (one: object) => Promise<T>) => step({ ...store, writeRows }),
    } as unknown as GroupRun;
  }

  function write(records: readonly RecordWithRows[], storedRows = 0) {
    const isWide = records.some(({ rows }) => hasOthers(rows.length, storedRows));
    return writeRecords(run(), GENERATION, {
      others: isWide
        ? repeatable(function* () {
            for (const record of records) yield* othersOf(record, storedRows);
          })
        : null,
      firsts: records.map(firstOf),
    });
  }

  it('sends one request for records of one row', async () => {
    await write([recordOf('a', ['x']), recordOf('b', ['y'])]);
    expect(requests).toEqual([['a-0', 'b-0']]);
  });

  it('sends ordinal 0 of all records after all their other rows', async () => {
    await write([recordOf('a', ['x', 'y', 'z']), recordOf('b', ['x']), recordOf('c', ['x', 'y'])]);
    expect(requests).toEqual([
      ['a-1', 'a-2', 'c-1'],
      ['a-0', 'b-0', 'c-0'],
    ]);
  });

  it('removes rows that a record no longer has before it writes ordinal 0', async () => {
    await write([recordOf('a', ['x', 'y', 'z'])]);
    await write([recordOf('a', ['only'], 2)], 3);
    expect(requests.slice(2)).toEqual([['a-1', 'a-2'], ['a-0']]);
    expect(await store.count(GENERATION, EVERYTHING)).toBe(1);
  });

  it('keeps a record without rows hidden, with its version and source', async () => {
    await write([{ ...recordOf('a', ['x', 'y']), source: '{}' }]);
    await write([{ ...recordOf('a', [], 2), source: '{"n":1}' }], 2);
    expect(await store.count(GENERATION, EVERYTHING)).toBe(0);
    expect(await store.readRows(GENERATION, ['a-0'])).toMatchObject([{ version: 2, rowCount: 0, hidden: true }]);
    expect([...(await store.readSources(GENERATION, ['a-0'])).values()]).toEqual(['{"n":1}']);
  });

  it('leaves ordinal 0 of a record as it was if another row of it is rejected', async () => {
    await write([recordOf('a', ['old', 'old']), recordOf('b', ['old'])]);
    rejectedId = 'a-1';
    const rejected = await write([recordOf('a', ['new', 'new'], 2), recordOf('b', ['new'], 2)], 2);
    expect(rejected).toEqual([{ id: 'a-1', reason: 'no' }]);
    expect(await store.readRows(GENERATION, ['a-0', 'b-0'])).toMatchObject([{ version: 1 }, { version: 2 }]);
  });
});
