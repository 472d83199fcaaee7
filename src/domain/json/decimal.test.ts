import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { meantBy } from '../../../test/support/reference-json.js';
import { within } from '../../../test/support/within.js';
import { canonicalDecimal, nearestDouble } from './decimal.js';

/** A spelling of `digits` times ten to the `power`: the point shifted to anywhere, zeros at either end, any exponent that JSON has. */
const spelling = fc.record({
  point: fc.integer({ min: -30, max: 30 }),
  zeros: fc.nat({ max: 25 }),
  e: fc.constantFrom('e', 'E'),
  plus: fc.boolean(),
  exponentZeros: fc.nat({ max: 3 }),
});
type Spelling = typeof spelling extends fc.Arbitrary<infer Value> ? Value : never;

function spelled(integer: bigint, power: number, { point, zeros, e, plus, exponentZeros }: Spelling): string {
  const sign = integer < 0n ? '-' : '';
  const digits = String(integer < 0n ? -integer : integer) + '0'.repeat(zeros);
  const at = digits.length - Math.max(-point, 0);
  const padded = at <= 0 ? '0'.repeat(1 - at) + digits : digits;
  const cut = point < 0 ? padded.length + point : padded.length;
  const fraction = padded.slice(cut);
  const exponent = power - zeros + fraction.length;
  const powerText = `${exponent < 0 ? '-' : plus ? '+' : ''}${'0'.repeat(exponentZeros)}${Math.abs(exponent)}`;
  return `${sign}${padded.slice(0, cut)}${fraction && `.${fraction}`}${exponent === 0 && !plus ? '' : `${e}${powerText}`}`;
}

const integers = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
const powers = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 }));

describe('canonicalDecimal', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['-0e999999999999999999999', '0'],
    ['1.0', '1'],
    ['10e-1', '1'],
    ['0.1', '0.1'],
    ['1e5', '100000'],
    ['1e-7', '1e-7'],
    ['0.000001', '0.000001'],
    ['1e21', '1e+21'],
    ['100000000000000000000', '100000000000000000000'],
    ['9007199254740993', '9007199254740993'],
    ['9007199254740993.0', '9007199254740993'],
    ['90071992547409930e-1', '9007199254740993'],
    ['9.007199254740993E+15', '9007199254740993'],
    ['-0.12345678901234567890', '-0.1234567890123456789'],
    ['12345678901234567.1', '12345678901234567.1'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['1.2345678901234567890123456789e29', '123456789012345678901234567890'],
    ['1e999999999', '1e+999999999'],
    ['0.001e1000000002', '1e+999999999'],
    ['-12.5e-1000', '-1.25e-999'],
    ['1e99999999999999999999', '1e+99999999999999999999'],
    ['10e99999999999999999999', '1e+100000000000000000000'],
    ['0.1e100000000000000000000', '1e+99999999999999999999'],
    ['10e-100000000000000000000', '1e-99999999999999999999'],
    ['0.1e1000000000000000', '1e+999999999999999'],
  ])('of %s is %s', (literal, text) => {
    expect(canonicalDecimal(literal)).toBe(text);
  });

  it('is what JSON.stringify writes of a double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        expect(canonicalDecimal(JSON.stringify(double))).toBe(JSON.stringify(double));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is the same for all spellings of a number, and equals that number', () => {
    fc.assert(
      fc.property(integers, powers, spelling, spelling, (integer, power, one, other) => {
        const text = canonicalDecimal(spelled(integer, power, one));
        expect(canonicalDecimal(spelled(integer, power, other))).toBe(text);
        expect(canonicalDecimal(text)).toBe(text);
        expect(meantBy(text)).toEqual(meantBy(spelled(integer, power, one)));
        expect(text.length).toBeLessThan(String(integer).length + 40);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes linear time, whichever part is long', () => {
    const million = '9'.repeat(1_000_000);
    for (const literal of [million, `0.${million}`, `1e${million}`, `-1.5e-${million}`, `${'0'.repeat(1_000_000)}1`]) {
      within(1_000, () => {
        canonicalDecimal(literal);
        nearestDouble(literal);
      });
    }
  });
});

describe('nearestDouble', () => {
  it.each<[string, number | null]>([
    ['0.12345678901234567890', 0.12345678901234568],
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740991.5', 2 ** 53],
    ['9007199254740991.4', 2 ** 53 - 1],
    ['9007199254740992', 2 ** 53],
    ['9007199254740992.5', null],
    ['9007199254740993', null],
    ['9007199254740993.0', null],
    ['-9007199254740994', -(2 ** 53 + 2)],
    ['9007199254740994.0', 2 ** 53 + 2],
    ['900719925474099400e-2', 2 ** 53 + 2],
    ['12345678901234567.89', null],
    ['1e23', 1e23],
    ['100000000000000000000000', 1e23],
    ['99999999999999991611392', 1e23],
    ['99999999999999991611393', null],
    ['1e300', 1e300],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['1.7976931348623158e308', null],
    ['1e309', null],
    ['-1e999999999', null],
    ['1e-400', 0],
    ['1e-99999999999999999999', 0],
    ['5e-324', 5e-324],
  ])('of %s is %s', (literal, double) => {
    expect(nearestDouble(literal)).toBe(double);
  });

  it('takes every integer up to 2^53, beyond it the doubles, and every double by its shortest spelling', () => {
    const limit = 2n ** 53n;
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), spelling, (integer, form) => {
        const double = Number(integer);
        const isTaken =
          BigInt(double) === integer || meantBy(String(double)).join() === meantBy(String(integer)).join();
        if (integer >= -limit && integer <= limit) expect(isTaken).toBe(true);
        expect(nearestDouble(spelled(integer, 0, form))).toBe(isTaken ? double : null);
        expect(nearestDouble(String(BigInt(double)))).toBe(double);
        expect(nearestDouble(spelled(...shortest(double), form))).toBe(double);
      }),
      { numRuns: 2_000 },
    );
  });
});

function shortest(double: number): [bigint, number] {
  const [integer, power] = meantBy(String(double));
  return [integer, Number(power)];
}
