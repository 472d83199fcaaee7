import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numberOf } from './exact-number.js';
import { ExactNumber } from './json-value.js';

/** More digits than any double's shortest spelling has. */
const BEYOND_ALL_DOUBLES = '00000000000000001';

describe('numberOf', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['-0', -0],
    ['0.0e5', 0],
    ['0e999', 0],
    ['0.1', 0.1],
    ['1e300', 1e300],
    ['1.0', 1],
    ['1E5', 100_000],
    ['1e-7', 1e-7],
    ['9007199254740992', 2 ** 53],
    ['-9007199254740992', -(2 ** 53)],
    ['9.007199254740992e15', 2 ** 53],
    ['12345.678901234567', 12345.678901234567],
    ['0.1234567890123456800', 0.12345678901234568],
    ['5e-324', 5e-324],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['100e-2', 1],
  ])('holds %s as a double', (literal, value) => {
    expect(numberOf(literal)).toBe(value);
  });

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '9007199254740994',
    '10000000000000000',
    '12345678901234567890',
    '9007199254740993.0',
    '9.007199254740993e15',
    '12345678901234567890e1',
    '1e999',
    '-1e999',
    '1.8e308',
    '1e-400',
    '1e99999999999999999999',
    '12345.678901234567890',
    '0.12345678901234567890',
    '0.1000000000000000055511151231257827',
  ])('keeps the digits of %s', (literal) => {
    expect(numberOf(literal)).toEqual(new ExactNumber(literal));
  });

  it('is a double exactly for the integers up to 2^53 on both sides', () => {
    const limit = 2n ** 53n;
    fc.assert(
      fc.property(fc.bigInt({ min: -4n * limit, max: 4n * limit }), (integer) => {
        const inside = integer >= -limit && integer <= limit;
        expect(numberOf(String(integer))).toEqual(inside ? Number(integer) : new ExactNumber(String(integer)));
      }),
    );
  });

  it('never changes the digits of an integer, however it is written', () => {
    const integers = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(integers, fc.nat({ max: 20 }), (integer, zeros) => {
        for (const literal of [`${integer}e${zeros}`, `${integer}.${'0'.repeat(zeros + 1)}`]) {
          const value = numberOf(literal);
          const meant = literal.includes('e') ? integer * 10n ** BigInt(zeros) : integer;
          if (value instanceof ExactNumber) expect(value.literal).toBe(literal);
          else if (Math.abs(value) <= 2 ** 53) expect(BigInt(value)).toBe(meant);
          else expect(decimalIntegerOf(value)).toBe(meant);
        }
      }),
    );
  });

  it('is a double of a fraction exactly where JSON.stringify gives its digits back', () => {
    const doubles = fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e15, max: 1e15 });
    fc.assert(
      fc.property(doubles, fc.constantFrom('', '0', BEYOND_ALL_DOUBLES), (double, more) => {
        const literal = String(double);
        fc.pre(literal.includes('.') && !literal.includes('e'));
        expect(numberOf(literal + more)).toEqual(
          more === BEYOND_ALL_DOUBLES ? new ExactNumber(literal + more) : double,
        );
      }),
    );
  });
});

/** The integer that the digits JSON writes for a double stand for. */
function decimalIntegerOf(value: number): bigint {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length);
}
