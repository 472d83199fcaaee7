import { beforeEach, describe, expect, it } from '@jest/globals';
import { memoryRecordStore } from '../adapters/memory/memory-record-store.js';
import { mergeFields, NO_COLUMNS } from '../domain/design/design-from-fields.js';
import { EVERYTHING, type RecordFilter, type StoredColumn } from '../domain/query/record-query.js';
import { readSample } from '../domain/sample/read-sample.js';
import { type Access, FULL_ACCESS } from '../domain/security/caller.js';
import { CallerRows, type VisibleRows } from './visible-rows.js';

const N: StoredColumn = { storedKey: 'c1', type: 'NUMERIC' };
const { columns: COLUMNS } = mergeFields(NO_COLUMNS, readSample({ n: 1, secret: 's' }).fields);
const SMALL: RecordFilter = { kind: 'COMPARE', column: N, op: 'LTE', value: 2 };

/** Of each dataset the rows up to 2, without the column `secret`. */
const RESTRICTED: Access = {
  datasets: null,
  knowsOnlyReadable: false,
  sees: () => false,
  may: () => false,
  restrictionOf: () => (columns) => ({ filter: SMALL, columns: columns.filter(({ id }) => id !== 'secret') }),
};

describe('the rows of a caller', () => {
  const store = memoryRecordStore();
  const visibleTo = (access: Access): VisibleRows => new CallerRows({ access }, store).visible('d', COLUMNS);

  beforeEach(async () => {
    await store.createGeneration('g', []);
    const rows = [1, 2, 3, 4].map((n) => {
      const ids = { id: `r${n}-0`, recordId: `r${n}` };
      return { ...ids, ordinal: 0, rowCount: 1, version: 1, savedAt: new Date(0), values: { c1: n } };
    });
    await store.writeRows('g', rows, () => undefined);
  });

  const seen = async (rows: VisibleRows, filter: RecordFilter, limit = 10) => {
    const page = await rows.readPage('g', { filter, order: [{ column: N, direction: 'DESC' }], limit });
    return { values: page.rows.map(({ values }) => values.c1), hasNext: page.hasNext };
  };

  it('are all of them for one who sees all', async () => {
    const rows = visibleTo(FULL_ACCESS);
    expect([rows.areAll, rows.columns]).toEqual([true, COLUMNS]);
    expect(await seen(rows, EVERYTHING)).toEqual({ values: [4, 3, 2, 1], hasNext: false });
    expect([await rows.count('g', EVERYTHING), await rows.readValues('g', 'r4-0')]).toEqual([4, { c1: 4 }]);
  });

  it.each<[string, RecordFilter, number[]]>([
    ['everything', EVERYTHING, [2, 1]],
    ['hidden rows', { kind: 'COMPARE', column: N, op: 'GT', value: 2 }, []],
    ['hidden rows or others', { kind: 'OR', filters: [{ kind: 'NOT', filter: SMALL }, SMALL] }, [2, 1]],
    ['all but what the caller sees', { kind: 'NOT', filter: SMALL }, []],
    ['nothing', { kind: 'OR', filters: [] }, []],
  ])('are only the permitted ones when a query asks for %s', async (_, filter, expected) => {
    const rows = visibleTo(RESTRICTED);
    expect(await seen(rows, filter)).toEqual({ values: expected, hasNext: false });
    expect(await rows.count('g', filter)).toBe(expected.length);
  });

  it('do not have more pages for the sake of hidden rows', async () => {
    expect(await seen(visibleTo(RESTRICTED), EVERYTHING, 2)).toEqual({ values: [2, 1], hasNext: false });
  });

  it('are not given away by a row id', async () => {
    const rows = visibleTo(RESTRICTED);
    expect(await rows.readValues('g', 'r2-0')).toEqual({ c1: 2 });
    expect(await rows.readValues('g', 'r3-0')).toBeNull();
    expect(rows.columns.map(({ id }) => id)).toEqual(['n']);
  });
});
