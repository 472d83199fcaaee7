import { describe, expect, it } from '@jest/globals';
import { fittingRows, MAX_PAGE_VALUES, rowsWithin } from './page-values.js';

describe('the values of a page', () => {
  it('limit its rows by their columns', () => {
    expect(rowsWithin(200, 5_000)).toBe(5);
    expect(rowsWithin(200, 125)).toBe(200);
    expect(rowsWithin(1_000, 1)).toBe(1_000);
    expect(rowsWithin(1_000, 0)).toBe(1_000);
  });

  it('never leave a page without a row', () => {
    expect(rowsWithin(200, MAX_PAGE_VALUES + 1)).toBe(1);
    expect(fittingRows([{ values: { a: Array.from({ length: MAX_PAGE_VALUES + 1 }, () => 1) } }], 1)).toBe(1);
  });

  it('count the elements of arrays', () => {
    const row = { values: { a: Array.from({ length: 4_999 }, () => 1) } };
    expect(fittingRows([row, row, row, row, row, row], 1)).toBe(5);
    expect(fittingRows([row, row], 1)).toBe(2);
  });
});
