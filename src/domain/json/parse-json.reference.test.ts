import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  meantBy,
  type ReferenceJson,
  ReferenceNumber,
  readReferenceJson,
} from '../../../test/support/reference-json.js';
import { SluiceError } from '../errors.js';
import { ExactNumber, type JsonValue } from './json-value.js';
import { parseJson, parseSentJson } from './parse-json.js';
import { stringifyJson } from './stringify-json.js';

const NUMBERS = [
  ...['0', '-0', '0.0', '-1', '1.50', '0.1', '1E5', '1e-7', '123456789012345', '1234567890123456', '9007199254740992'],
  ...[
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '0.12345678901234567890',
    '12345678901234567.89',
  ],
  ...['1e250', '1e251', '1e279', '1e280', '2e280', '3.5e280', '1e281', '-1e280', '1e300', '1.7976931348623157e308'],
  ...['1e309', '-1e999', '1e999999999', '1e99999999999999999999', '5e-324', '1e-400', '2.2250738585072014e-308'],
];
const KEYS = [
  '',
  'a',
  'b',
  '1',
  '01',
  '__proto__',
  'constructor',
  'toJSON',
  '9007199254740993',
  '1e280',
  'e280',
  'é',
  '😀',
];
/** Pieces of texts of which most are no JSON. */
const PIECES = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '\\',
    '\\"',
    '\\u',
    '\\ud83d',
    '\\q',
    '-',
    '+',
    '.',
    'e',
    'E',
    '00',
    '1.',
    '.5',
    '1e',
    '-a',
  ],
  ...[
    'nul',
    'null',
    'true',
    'fals',
    'tRue',
    'NaN',
    'Infinity',
    "'a'",
    '/*x*/',
    '//',
    ' ',
    '\n',
    '\r',
    '\t',
    '\u0000',
    '\u001f',
    '\u007f',
  ],
  ...[
    '\ufeff',
    '\u2028',
    'é',
    '😀',
    '\ud800',
    '\udc00',
    '"a":',
    '"a"',
    '{"a":1,',
    '9007199254740993:2',
    '"e280"',
    '"1e280"',
  ],
];

const space = fc.constantFrom('', '', '', ' ', '\n', ' \t\r\n');
const number = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => JSON.stringify(double)),
);
const string = fc
  .oneof(
    fc.constantFrom(...KEYS),
    fc.constantFrom(...NUMBERS),
    fc.constantFrom(...PIECES),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  .chain((content) =>
    fc.constantFrom(
      JSON.stringify(content),
      `"${[...content]
        .flatMap((char) => char.split(''))
        .map(escaped)
        .join('')}"`,
    ),
  );
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    number,
    string,
    fc.constantFrom('true', 'false', 'null'),
    fc.array(padded(tie('json')), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(padded(string), padded(tie('json'))), { maxLength: 4 })
      .map((members) => `{${members.map((member) => member.join(':')).join(',')}}`),
  ),
}));

function padded(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(space, text, space).map((parts) => parts.join(''));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Valid texts, changed at one to three places. */
const mutated = fc
  .tuple(
    padded(json),
    fc.array(
      fc.record({
        at: fc.nat(),
        cut: fc.nat({ max: 3 }),
        put: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES), number),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([text, changes]) =>
    changes.reduce((changed, { at, cut, put }) => {
      const place = at % (changed.length + 1);
      return changed.slice(0, place) + put + changed.slice(place + cut);
    }, text),
  );
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), number, fc.string({ maxLength: 3 })), { maxLength: 12 })
  .map((pieces) => pieces.join(''));

describe('parseJson and stringifyJson, compared with a strict reference', () => {
  it.each([
    ['valid', padded(json), 3_000],
    ['mutated', mutated, 4_000],
    ['hostile', hostile, 3_000],
  ])('read, refuse and write %s texts as the reference does', (_name, texts, numRuns) => {
    fc.assert(fc.property(texts, compare), { numRuns });
  });

  it.each([
    '[{"a":1,9007199254740993:2}]',
    '{1:2}',
    '{1e280:"x"}',
    '{"note":"1e280:\\"x\\",oops"}',
    '["2e280",9007199254740993,"1e280"]',
    '[1e280,1e300,-1e280,9007199254740993,1e265]',
    '{"__proto__":9007199254740993,"1":1e999}',
    '{"2":9007199254740993,"1":1e999,"a":5e-324}',
  ])('agree about %s', (text) => compare(text));
});

function compare(text: string): void {
  const read = readReferenceJson(text);
  if ('fault' in read) {
    const [code, message] = faultOf(() => parseJson(text));
    expect(code).toBe('INVALID_JSON');
    if (text.trim() !== '') expect(message).toMatch(new RegExp(`^${placeOf(text, read.fault)}: `));
    return;
  }
  const meaning = meaningOf(read.value);
  const value = parseJson(text);
  expect(meaningOf(value)).toBe(meaning);
  const written = readReferenceJson(stringifyJson(value));
  expect('value' in written && meaningOf(written.value)).toBe(meaning);
  if (text.isWellFormed()) expect(meaningOf(parseJson(Buffer.from(text)))).toBe(meaning);
  if (read.hasDuplicate) expect(faultOf(() => parseSentJson(text))[0]).toBe('BAD_REQUEST');
  else expect(meaningOf(parseSentJson(text))).toBe(meaning);
}

/** The same text for the same value: strings and numbers apart, numbers by what they stand for, objects without an order. */
function meaningOf(value: ReferenceJson | JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(meaningOf).join()}]`;
  if (value instanceof ReferenceNumber) return `number ${meantBy(value.literal).join()}`;
  if (typeof value === 'number' || value instanceof ExactNumber) return `number ${meantByNumber(value).join()}`;
  const members = value instanceof Map ? [...value] : Object.entries(value as Record<string, JsonValue>);
  return `{${members
    .map(([key, member]) => `${JSON.stringify(key)}:${meaningOf(member)}`)
    .sort()
    .join()}}`;
}

function meantByNumber(value: number | ExactNumber): readonly [bigint, bigint] {
  return meantBy(value instanceof ExactNumber ? value.literal : String(value));
}

function faultOf(run: () => unknown): [string, string] {
  try {
    run();
  } catch (error) {
    if (error instanceof SluiceError) return [error.code, error.message];
    throw error;
  }
  return ['nothing was refused', ''];
}

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
