import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, isAbridged, wholeKey } from './cursor.js';
import type { RecordOrder } from './record-query.js';

const order: RecordOrder[] = [
  { column: { storedKey: 'c1', type: 'TEXT' }, direction: 'ASC' },
  { column: { storedKey: 'c2', type: 'DATETIME' }, direction: 'DESC' },
];
const scope = { generation: 'rows_a_1', order };

describe('cursors', () => {
  it('are decoded to what was encoded', () => {
    const text = fc.option(fc.string({ unit: 'grapheme' }));
    const date = fc.option(fc.date({ noInvalidDate: true }));
    fc.assert(
      fc.property(text, date, fc.string(), (one, two, rowId) => {
        const key = { rowId, values: [one, two] };
        expect(decodeCursor(encodeCursor(key, scope), scope)).toEqual(key);
      }),
    );
  });

  const cursor = encodeCursor({ rowId: 'r', values: ['x', null] }, scope);

  it('are refused with another order, and have expired in another generation', () => {
    expect(() => decodeCursor(cursor, { ...scope, order: order.slice(0, 1) })).toThrow(/another orderBy/);
    expect(() => decodeCursor(cursor, { ...scope, generation: 'rows_a_2' })).toThrow(
      expect.objectContaining({ code: 'CURSOR_EXPIRED' }),
    );
  });

  it('have expired in another generation even if its columns have other stored keys', () => {
    const rebuilt: RecordOrder[] = [{ column: { storedKey: 'c9', type: 'TEXT' }, direction: 'ASC' }];
    expect(() => decodeCursor(cursor, { generation: 'rows_a_2', order: rebuilt })).toThrow(
      expect.objectContaining({ code: 'CURSOR_EXPIRED' }),
    );
  });

  it('keep the type of every value', () => {
    const types = ['NUMERIC', 'BOOLEAN', 'TEXT', 'DATETIME', 'NUMERIC'] as const;
    const wide: RecordOrder[] = types.map((type, n) => ({ column: { storedKey: `c${n}`, type }, direction: 'ASC' }));
    const key = { rowId: 'r', values: [-0.5, false, '2024-01-01', new Date(0), null] };
    const ofWide = { generation: 'rows_a_1', order: wide };
    expect(decodeCursor(encodeCursor(key, ofWide), ofWide)).toEqual(key);
  });

  it('are refused if they are any other text', () => {
    const forged = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
    const [generation, fingerprint] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const others = [
      forged({}),
      forged([generation, fingerprint, 'r', ['x', 'y']]),
      forged([generation, fingerprint, 'r', [{ $gt: '' }, null]]),
      forged([generation, fingerprint, 'z'.repeat(2_000), ['x', null]]),
      forged([generation, fingerprint, 'r', ['x'.repeat(40_000), null]]),
    ];
    for (const text of ['', 'x', '💥', cursor.slice(0, -4), ...others]) {
      expect(() => decodeCursor(text, scope)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
    }
  });
});

describe('cursors of long texts', () => {
  const texts: RecordOrder[] = ['c1', 'c2'].map((storedKey) => ({
    column: { storedKey, type: 'TEXT' },
    direction: 'ASC',
  }));
  const ofTexts = { generation: 'rows_a_1', order: texts };

  it('stay short, and get their texts back from the values of their row', () => {
    for (const long of ['x'.repeat(100_000), '😀'.repeat(50_000), `x${'😀'.repeat(50_000)}`]) {
      const text = encodeCursor({ rowId: 'r', values: [long, 'y'] }, ofTexts);
      expect(text.length).toBeLessThan(40_000);
      const cursor = decodeCursor(text, ofTexts);
      expect(cursor.values.map(isAbridged)).toEqual([true, false]);
      expect(wholeKey(cursor, { c1: long, c2: 'z' }, texts)).toEqual({ rowId: 'r', values: [long, 'y'] });
    }
  });

  it('do not take another text for their own', () => {
    const cursor = decodeCursor(encodeCursor({ rowId: 'r', values: ['x'.repeat(8_000), 'y'] }, ofTexts), ofTexts);
    for (const c1 of ['x'.repeat(8_001), 'x'.repeat(7_000), '']) expect(wholeKey(cursor, { c1 }, texts)).toBeNull();
    expect(wholeKey(cursor, {}, texts)).toBeNull();
  });
});
