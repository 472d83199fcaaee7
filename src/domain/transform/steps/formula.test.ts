import { describe, expect, it } from '@jest/globals';
import { faultsOf, resultOf } from '../../../../test/support/steps.js';
import type { StoredValue } from '../../design/stored-value.js';
import type { Step } from '../step-kinds.js';

const formula = (source: string): Step => ({ kind: 'formula', settings: { source } });

type Values = Record<string, StoredValue>;

const from = new Date('2024-03-31T00:30:00Z');
const ROW: Values = {
  n: 2.5,
  m: 4,
  text: 'a🙂bc',
  from,
  to: new Date('2024-04-01T02:00:00Z'),
  yes: true,
  texts: ['x', 'yy', 'zzz'],
  numbers: [1, 2, 3],
};

describe('formula', () => {
  it.each<[string, unknown]>([
    ['n * m', 10],
    ['n * 2 + 1', 6],
    ['1 / 2', 0.5],
    ['m / 3 * 3', 4],
    ['7 % 4 + n % 2', 3.5],
    ['-n', -2.5],
    ['m == 4 && m > 3 && 5 >= m && m != 5', true],
    ['m in [1, 2.5, 4]', true],
    ['yes ? 1 : 2.5', 1],
    ['n > 2 ? "big" : "small"', 'big'],
    ['size(texts) / 2', 1.5],
    ['int(n) + 0.5', 2.5],
    ['int(n) == 2', true],
    ['int(n)', 2],
    ['math.round(n) + math.abs(-1) + math.greatest(n, m)', 8],
    ['math.round(-n)', -3],
    ['row.n + row["m"]', 6.5],
    ['string(n) + text', '2.5a🙂bc'],
    ['size(text)', 4],
    ['text.substring(1, 2)', '🙂'],
    ['text.substring(2)', 'bc'],
    ['text.indexOf("b")', 2],
    ['text.indexOf("z")', -1],
    ['text.lastIndexOf("c")', 3],
    ['text.contains("🙂") && text.startsWith("a") && text.endsWith("c")', true],
    ['text.upperAscii()', 'A🙂BC'],
    ['text.split("").join("-")', 'a-🙂-b-c'],
    ['text.matches("^a.b")', true],
    ['text.matches("B")', false],
    ['double("1.5") + 1', 2.5],
    ['texts[0] + texts[int(size(texts) - 1)]', 'xzzz'],
    ['texts.map(t, size(t))', [1, 2, 3]],
    ['numbers.map(x, x * n)', [2.5, 5, 7.5]],
    ['numbers.filter(x, x > 1)', [2, 3]],
    ['texts.exists(t, t == "yy") && numbers.all(x, x > 0) && numbers.exists_one(x, x == 1)', true],
    ['texts.filter(t, size(t) > 1).map(t, t + "!")', ['yy!', 'zzz!']],
    ['[n, 1, 2]', [2.5, 1, 2]],
    ['from + duration("1h30m")', new Date('2024-03-31T02:00:00Z')],
    ['from + duration("-1.5s")', new Date('2024-03-31T00:29:58.500Z')],
    ['(to - from).getHours()', 25],
    ['from < to && from > timestamp("2024-03-30")', true],
    ['timestamp(1.5)', new Date(1500)],
    ['string(from)', '2024-03-31T00:30:00.000Z'],
    ['from.getFullYear() * 100 + from.getMonth() + 1', 202403],
    ['from.getHours("Europe/Berlin")', 1],
    ['to.getHours("Europe/Berlin")', 4],
    ['from.getDayOfYear() + from.getDayOfWeek()', 90],
    ['row.?n.orValue(0)', 2.5],
    ['row.?n', 2.5],
    ['yes ? optional.of(n) : optional.none()', 2.5],
    ['!yes ? optional.of(n) : optional.none()', null],
  ])('%s', (source, expected) => {
    expect(resultOf(formula(source), ROW)).toEqual(expected);
  });

  it.each<[string, Values, unknown]>([
    ['n + m', { n: 1 }, null],
    ['yes ? n : m', { yes: true, n: 1 }, null],
    ['row.n + 1', {}, null],
    ['row.?n.orValue(0) + m', { m: 1 }, 1],
    ['row.?n.orValue(0) + m', { n: 1 }, null],
    ['row[?"n"].or(row.?m)', { m: 3 }, 3],
    ['row[?"n"].or(row.?m)', {}, null],
    ['has(row.n) ? "known" : "unknown"', {}, 'unknown'],
    ['has(row.n) ? "known" : "unknown"', { n: 0 }, 'known'],
    ['row.?n.hasValue()', {}, false],
    ['size(texts)', { texts: ['a', null, 'b'] }, 2],
    ['texts.map(n, n + "!")', { texts: ['a'] }, ['a!']],
  ])('%s of %j is %j: null unless the formula handles it', (source, row, expected) => {
    expect(resultOf(formula(source), row)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['n / 0', 'the result is Infinity'],
    ['math.abs(0 / 0 + n)', 'the result is NaN'],
    ['int("9007199254740993")', 'has more digits than a number keeps'],
    ['timestamp("2024-02-30")', '"2024-02-30" is no date'],
    ['timestamp(n * 1e300)', 'the date is outside the years 0000 to 9999'],
    ['from + duration("999999999h")', 'the result is a date outside the years 0000 to 9999'],
    ['duration("1 day").getHours()', '"1 day" is no duration; write it in h, m, s and ms'],
    ['texts[9]', 'No such key: index out of bounds, index 9 >= size 3'],
    ['text.substring(5)', '5 is not a position in "a🙂bc"'],
    ['text.substring(0.5)', '0.5 is not a position'],
    ['text.substring(2, 1)', 'ends before it begins'],
    ['double(text)', 'cannot convert to double'],
    ['row.?n.or(optional.none()).value() + size(texts[7])', 'index out of bounds'],
    ['from.getHours(text)', '"a🙂bc" is no time zone'],
  ])('%s is an error of the row', (source, message) => {
    expect(resultOf(formula(source), ROW)).toEqual(expect.stringContaining(message));
  });

  it.each<[string, string]>([
    ['n +', 'source, characters 4 to 4, "": Unexpected token: EOF'],
    ['n + text', 'source, characters 1 to 8, "n + text": no such overload: double + string'],
    ['1 + price', 'source, characters 5 to 9, "price" is "price": no column has this id'],
    ['row["a b"]', 'source, characters 1 to 10, "row[\\"a b\\"]" is "a b": no column has this id'],
    ['address.city', 'source, characters 1 to 12, "address.city" is "address.city": no column has this id'],
    ['row', 'row is not a value; read a column of it'],
    ['row[text]', 'the id of a column is a text in quotes'],
    ['row.constructor', 'is "constructor": no column has this id'],
    ['n.constructor', 'is "n.constructor": no column has this id'],
    ['__proto__', 'Reserved identifier: __proto__'],
    ['n == null', 'source, characters 6 to 9, "null": there is no null; test a column with has(row.x)'],
    ['yes ? n : text', 'Ternary branches must have the same type'],
    ['text.contains(1)', "found no matching overload for 'string.contains(double)'"],
    ['texts.map(t, texts.map(u, u))', 'a macro cannot be within another'],
    ['cel.bind(a, n, a + a)', 'bind is not a function of formulas'],
    ['dyn(n)', 'dyn is not a function of formulas'],
    ['bytes(text).json()', 'json is not a function of formulas'],
    ['{"a": n}', 'formulas have no maps'],
    ['b"ab"', 'formulas have no bytes'],
    ['9007199254740993', 'the number has more digits than a number keeps'],
    ['text.matches(texts[0])', 'the regular expression is a text in quotes'],
    ['text.matches("(")', 'source, characters 14 to 16, "\\"(\\"": it is no regular expression in RE2 syntax'],
    ['from.getHours("Mars")', 'it is no time zone'],
    ['to - from', 'source gives google.protobuf.Duration; a column is of string, double'],
    ['from.getHours("Europe/Berlin", 1)', 'found no matching overload'],
    [`n + ${'1'.repeat(4000)}`, 'source has 4004 characters; at most 4000 are allowed'],
  ])('%s is refused when it is saved', (source, fault) => {
    expect(faultsOf(formula(source))[0]).toContain(fault);
  });
});
