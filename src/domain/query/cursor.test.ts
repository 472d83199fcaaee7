import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor.js';
import { INDEXED_CODE_POINTS, indexedText } from './indexed-text.js';
import type { RecordOrder } from './record-query.js';

const order: RecordOrder[] = [
  { column: { storedKey: 'c1', type: 'TEXT' }, direction: 'ASC' },
  { column: { storedKey: 'c2', type: 'DATETIME' }, direction: 'DESC' },
];
const scope = { generation: 'rows_a_1', order };

describe('cursors', () => {
  it('come back as they went', () => {
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

  it('are refused in another order, and have expired in another generation', () => {
    expect(() => decodeCursor(cursor, { ...scope, order: order.slice(0, 1) })).toThrow(/another orderBy/);
    expect(() => decodeCursor(cursor, { ...scope, generation: 'rows_a_2' })).toThrow(
      expect.objectContaining({ code: 'CURSOR_EXPIRED' }),
    );
  });

  it('have expired in another generation even where its columns stand under other keys', () => {
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

  it('are refused when they are anything else', () => {
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

describe('indexedText', () => {
  it('is the text itself up to 7,000 code points, astral ones counted once', () => {
    for (const text of ['x'.repeat(INDEXED_CODE_POINTS), '😀'.repeat(INDEXED_CODE_POINTS)])
      expect(indexedText(text)).toBe(text);
  });

  it('tells longer texts apart that begin alike, and keeps to what a keyword may have', () => {
    const long = '😀'.repeat(INDEXED_CODE_POINTS);
    const forms = [`${long}a`, `${long}b`, `${long}${'c'.repeat(50_000)}`].map(indexedText);
    expect(new Set(forms).size).toBe(3);
    for (const form of forms) {
      expect(form.startsWith(long)).toBe(true);
      expect(form.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(form)).toBeLessThan(32_766);
    }
  });
});
