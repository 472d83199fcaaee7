import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shapedDesign } from '../../../test/support/shaped-records.js';
import { CompiledDesign } from '../design/compiled-design.js';
import type { ColumnPatch } from '../design/edit-design.js';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { parseKeptJson } from '../json/parse-json.js';
import { inferFields } from '../sample/infer-fields.js';
import { PlainPayload, plainValues } from './plain-payload.js';
import { NOT_PLAIN } from './plain-value.js';

const SAMPLE = {
  text: 'x',
  number: 1.5,
  flag: true,
  at: '2024-02-29T12:00:00Z',
  inner: { tags: ['a', 'b'], deep: { marks: [1, 2], days: ['2024-01-01'], flags: [true] } },
};

function designOf(sample: JsonValue, columns: readonly ColumnPatch[] = []): CompiledDesign {
  return new CompiledDesign({ design: shapedDesign(sample, [], columns), fields: inferFields(sample) });
}

/** The values of a record that is plain; null for another one. */
function plainOf(design: CompiledDesign, text: string) {
  if (!design.plainLayout) return null;
  const payload = new PlainPayload(design.plainLayout, Buffer.from(` ${text}`));
  const end = payload.scan(1);
  if (end === NOT_PLAIN) return null;
  expect(end).toBe(payload.bytes.length);
  return plainValues({ payload, at: payload.last });
}

/** The values that a conversion gives; null if the record does not fit. */
function convertedOf(design: CompiledDesign, text: string) {
  const record = parseKeptJson(text) as JsonObject;
  if (design.check(record, 'REPLACE')) return null;
  const { values, mismatches } = design.convert(record);
  return mismatches ? null : Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const DATES = [
  '2024-02-29',
  '1969-12-31T23:59:59.999Z',
  '0000-01-01',
  '9999-12-31T00:00:00',
  '2100-02-28T01:02:03.004',
];
const text = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[ -!#-[\]-~é語😀]{0,20}$/u) },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.constantFrom('', 'a"b', '\\', '\u0000', 'x'.repeat(900), '12', ...DATES) },
);
const number = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 100) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-0, 0, 1e21) },
);
const date = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...DATES) },
  {
    weight: 9,
    arbitrary: fc
      .date({ noInvalidDate: true, min: new Date(-6e13), max: new Date('9999-12-31') })
      .map((one) => one.toISOString()),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('2023-02-29', '2024-13-01', '2024-01-01T24:00:00', '2024-01-01T00:00:60Z', '20240101'),
  },
);
const odd = fc.constantFrom<JsonValue>(null, [], {}, 'x', 1, true, [null]);
const mostly = (value: fc.Arbitrary<JsonValue>) =>
  fc.oneof({ weight: 40, arbitrary: value }, { weight: 1, arbitrary: odd });
const listOf = (value: fc.Arbitrary<JsonValue>) => mostly(fc.array(mostly(value), { minLength: 1, maxLength: 3 }));
/** Members in any order. */
const objectOf = (members: Record<string, fc.Arbitrary<JsonValue>>) =>
  fc
    .tuple(fc.record(members), fc.shuffledSubarray(Object.keys(members), { minLength: Object.keys(members).length }))
    .map(([object, keys]) => Object.fromEntries(keys.map((key) => [key, object[key] ?? null])) as JsonValue);
const record = objectOf({
  text: mostly(text),
  number: mostly(number),
  flag: mostly(fc.boolean()),
  at: mostly(date),
  inner: mostly(
    objectOf({
      tags: listOf(text),
      deep: mostly(objectOf({ marks: listOf(number), days: listOf(date), flags: listOf(fc.boolean()) })),
    }),
  ),
});

describe('plain records', () => {
  const design = designOf(SAMPLE);

  it('have the values that a conversion gives, and are such as fit', () => {
    let plain = 0;
    fc.assert(
      fc.property(record, fc.constantFrom(undefined, 1, '\t'), (sent, space) => {
        const spelled = JSON.stringify(sent, null, space);
        const values = plainOf(design, spelled);
        if (values === null) return;
        plain += 1;
        expect(values).toEqual(convertedOf(design, spelled));
      }),
      { numRuns: 2_000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it.each<[string, string]>([
    ['the values of the sample', JSON.stringify(SAMPLE)],
    ['white space and another order', JSON.stringify(Object.fromEntries(Object.entries(SAMPLE).reverse()), null, 2)],
    ['nulls', '{"text":null,"number":null,"flag":null,"at":null,"inner":{"tags":null,"deep":null}}'],
    [
      'an object that is null',
      '{"text":"","number":-0.5,"flag":false,"at":"2024-01-01T00:00:00.5Z","inner":null}'.replace('.5Z', '.500Z'),
    ],
  ])('may have %s', (_, spelled) => {
    expect(plainOf(design, spelled)).toEqual(convertedOf(design, spelled));
  });

  const WITHOUT_INNER = '"flag":true,"at":null,"inner":null}';
  it.each<[string, string]>([
    ['an escape', `{"text":"a\\nb","number":1,${WITHOUT_INNER}`],
    ['a long text', `{"text":"${'x'.repeat(900)}","number":1,${WITHOUT_INNER}`],
    ['an exponent', `{"text":"a","number":1e3,${WITHOUT_INNER}`],
    ['a negative zero', `{"text":"a","number":-0.0,${WITHOUT_INNER}`],
    ['a number of 16 digits', `{"text":"a","number":1234567890.123456,${WITHOUT_INNER}`],
    ['a key twice', `{"text":"a","text":"b","number":1,${WITHOUT_INNER}`],
    ['a missing key', `{"text":"a",${WITHOUT_INNER}`],
    ['an unknown key', `{"text":"a","number":1,"more":1,${WITHOUT_INNER}`],
    ['a value of another type', `{"text":1,"number":1,${WITHOUT_INNER}`],
    ['a day that the calendar does not have', `{"text":"a","number":1,"flag":true,"at":"2023-02-29","inner":null}`],
    ['an empty array', `{"text":"a","number":1,"flag":true,"at":null,"inner":{"tags":[],"deep":null}}`],
    ['more than 64 KiB', `{"text":"a","number":1,${' '.repeat(65_536)}${WITHOUT_INNER}`],
  ])('do not have %s', (_, spelled) => {
    expect(plainOf(design, spelled)).toBeNull();
  });

  it('read every day and every decimal of few digits as a conversion does', () => {
    const days = designOf({ day: '2024-01-01', at: '2024-01-01T00:00:00Z', number: 1 });
    const bytes = (day: Date, number: number) =>
      `{"day":"${day.toISOString().slice(0, 10)}","at":"${day.toISOString()}","number":${number}}`;
    for (let day = Date.parse('1895-06-07T01:02:03.045Z'), n = 0; n < 10_000; day += 86_400_000 * 5.37, n += 1) {
      const spelled = bytes(new Date(Math.floor(day)), (n - 7_000) / 1_000);
      expect(plainOf(days, spelled)).toEqual(convertedOf(days, spelled));
    }
  });

  it.each<[string, ColumnPatch]>([
    ['a disabled column', { id: 'text', enabled: false }],
    ['a unique identifier', { id: 'text', uniqueIdentifier: true }],
    ['a column of another type', { id: 'number', type: 'TEXT' }],
    ['a time zone', { id: 'at', inputTimeZone: 'Europe/Berlin' }],
    ['a column that takes any value', { id: 'text', undetermined: true }],
  ])('do not exist under a design with %s', (_, column) => {
    expect(designOf(SAMPLE, [column]).plainLayout).toBeNull();
  });
});
