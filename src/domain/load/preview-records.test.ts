import { describe, expect, it } from '@jest/globals';
import { type Shaping, shaped } from '../../../test/support/shaped-records.js';
import { MAX_SHOWN_CHARACTERS } from './shown-size.js';

const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index));
const trim = (column: string): Shaping => ({
  output: { update: column },
  step: { kind: 'uppercase', settings: { column } },
});
const sort: Shaping = {
  output: { update: 'items' },
  step: {
    kind: 'sortArray',
    settings: { column: 'items', orderBy: [{ column: 'items.sku', direction: 'ASC', nulls: 'LAST' }] },
  },
};

describe('a preview', () => {
  const tooLarge = `more than ${MAX_SHOWN_CHARACTERS} characters`;
  // One step shows the text twice, and the final row once more.
  const texts = (length: number) => list(20, () => ({ text: 'x'.repeat(length / 20) }));

  it('shows values up to a limit of all characters together, and refuses more', () => {
    const most = MAX_SHOWN_CHARACTERS / 3;
    expect(shaped({ text: 'x' }, [trim('text')], texts(most - 1_000))).toHaveLength(20);
    expect(() => shaped({ text: 'x' }, [trim('text')], texts(most + 1_000))).toThrow(tooLarge);
  });

  it('counts what every step shows of texts, arrays of objects and columns without values', () => {
    const items = list(2_000, (n) => ({ sku: `${n}`.padStart(200) }));
    expect(() =>
      shaped(
        { items: [{ sku: 'x' }] },
        list(30, () => sort),
        [{ items }],
      ),
    ).toThrow(tooLarge);
    const wide = Object.fromEntries(list(2_000, (n) => [`k${n}`, 'x']));
    const nulls = Object.fromEntries(list(2_000, (n) => [`k${n}`, null]));
    expect(() =>
      shaped(
        wide,
        list(100, () => trim('k0')),
        list(20, () => nulls),
      ),
    ).toThrow(tooLarge);
  });
});
