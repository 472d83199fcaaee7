import { describe, expect, it } from '@jest/globals';
import { geoPoint } from '../geo-point.js';
import type { Column } from './column.js';
import { publicValues } from './public-values.js';
import type { StoredValues } from './stored-value.js';
import { valuesWriter } from './values-json.js';

const IDS = ['a', '__proto__', 'with "quotes"', '7', 'hidden'];
const COLUMNS = IDS.map((id, n) => ({ id, storedKey: `c${n + 1}`, enabled: id !== 'hidden' })) as unknown as Column[];

describe('valuesWriter', () => {
  it.each<[string, StoredValues]>([
    ['nothing', {}],
    ['texts', { c1: 'a', c2: 'line\nbreak', c3: '\ud800 "x" 語', c4: '', c5: 'not shown' }],
    ['numbers', { c1: 0, c2: -0, c3: 1.5e300, c4: 9007199254740992, c5: 1 }],
    ['dates and booleans', { c1: new Date(0), c2: new Date('9999-12-31T23:59:59.999Z'), c3: true, c4: false }],
    ['arrays', { c1: [], c2: [null, 'x', ''], c3: [new Date(5), null], c4: [1.5, null, -0] }],
    ['points', { c1: geoPoint(1.5, -0) }],
  ])('writes the same as users see: %s', (_what, values) => {
    const { literal } = valuesWriter(COLUMNS)(values);
    expect(JSON.parse(literal)).toEqual(JSON.parse(JSON.stringify(publicValues(COLUMNS, values))));
    expect(literal).not.toContain('hidden');
  });

  it('writes an empty object when no column is shown', () => {
    expect(valuesWriter([])({ c1: 1 }).literal).toBe('{}');
  });
});
