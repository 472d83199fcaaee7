import { expect, it } from '@jest/globals';
import type { PlainLayout } from '../../src/domain/plain/plain-layout.js';
import { PlainPayload } from '../../src/domain/plain/plain-payload.js';
import { plainTypeOf } from '../../src/domain/plain/plain-value.js';
import { rowId } from '../../src/domain/record-id.js';
import { rowOf } from '../../src/ports/plain-write.js';
import type { PlainWrite } from '../../src/ports/row-writes.js';
import type { StoreBench } from './record-store.bench.js';
import { COLUMNS, NUMERIC, row, TEXT, tombstone } from './record-store.rows.js';

/** Members `c1` to `c8`, for the columns that can be plain. */
const LAYOUT: PlainLayout = {
  columns: COLUMNS.flatMap(({ storedKey, type }) => {
    const plain = plainTypeOf(type);
    return plain === null ? [] : [{ storedKey, type: plain, isArray: type.endsWith('_ARRAY') }];
  }),
  members: COLUMNS.slice(0, -1).map(({ storedKey }, column) => ({
    key: Buffer.from(`"${storedKey}"`),
    column,
    members: [],
  })),
};

const NULLS = { c1: null, c2: null, c3: null, c4: null, c5: null, c6: null, c7: null, c8: null };
const RECORDS: readonly object[] = [
  NULLS,
  { c1: '', c2: 0, c3: true, c4: '1969-12-31', c5: [''], c6: [0], c7: [false], c8: ['0000-01-01'] },
  {
    c1: 'é語😀$c1',
    c2: -0.07,
    c3: false,
    c4: '9999-12-31T23:59:59.999Z',
    c5: ['a', 'é'],
    c6: [1, -2.5],
    c7: [true, false],
  },
  { ...NULLS, c2: 2_147_483_648, c6: [-2_147_483_648, 2_147_483_647, 999_999_999_999_999] },
  { ...NULLS, c1: 'x'.repeat(790), c8: Array(300).fill('1500-02-28T00:00:00'), c6: Array(1_200).fill(7) },
];

/** Records as the payload of a push has them. */
function plainWrites(version: number, records = RECORDS, space = ''): PlainWrite[] {
  const texts = records.map((record) => JSON.stringify({ ...NULLS, ...record }, null, space));
  const payload = new PlainPayload(LAYOUT, Buffer.from(`[${texts.join(',')}]`));
  let at = 1;
  return records.map((_, index) => {
    at = payload.scan(at) + 1;
    const { values: _values, ordinal: _ordinal, rowCount: _rowCount, ...write } = row(`p${index}`, {}, version);
    return { ...write, id: rowId(write.recordId, 0), plain: { payload, at: payload.last } };
  });
}

/** The rows of plain records are written from the bytes of their payload, and are the same as other rows. */
export function describePlainRows(bench: () => StoreBench): void {
  it.each(['  ', '\t', '\r\n', '\n\n'])('writes the rows of plain records that are spaced with %j', async (space) => {
    const writes = plainWrites(1, RECORDS, space);
    await bench().write(writes);
    expect((await bench().walk()).map(withoutNulls)).toEqual(writes.map(rowOf).map(withoutNulls));
  });

  it('writes the rows of plain records like any others', async () => {
    await bench().write([tombstone('t', 1), ...plainWrites(1), row('a', { c1: 'not plain' })]);
    const rows = [row('a', { c1: 'not plain' }), ...plainWrites(1).map(rowOf)];
    expect((await bench().walk()).map(withoutNulls)).toEqual(rows.map(withoutNulls));
    expect(await bench().ids({ kind: 'IN', column: TEXT, values: ['é語😀$c1'] })).toEqual(['p2-0']);
    expect(await bench().ids({ kind: 'COMPARE', column: NUMERIC, op: 'GT', value: 2_147_483_647 })).toEqual(['p3-0']);
  });

  it('lets the greater version win, whether a row is plain or not', async () => {
    await bench().write([row('p0-0', { c1: 'newer' }, 3), row('p1-0', { c1: 'older' }, 1), tombstone('p2-0', 3)]);
    await bench().write(plainWrites(2));
    await bench().write(plainWrites(1));
    const stored = (await bench().walk()).map(({ id, version, values }) => [id, version, values.c1]);
    const { c1: long } = RECORDS[4] as { c1: string };
    expect(stored).toEqual([
      ['p0-0', 3, 'newer'],
      ['p1-0', 2, ''],
      ['p3-0', 2, undefined],
      ['p4-0', 2, long],
    ]);
  });
}

function withoutNulls({ values, ...rest }: ReturnType<typeof rowOf>) {
  return { ...rest, values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) };
}
