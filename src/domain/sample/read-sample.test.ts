import { describe, expect, it } from '@jest/globals';
import { SluiceError } from '../errors.js';
import { ExactNumber, type JsonValue } from '../json/json-value.js';
import { readSample } from './read-sample.js';

function faultOf(input: JsonValue) {
  try {
    readSample(input);
  } catch (error) {
    if (error instanceof SluiceError) return { code: error.code, message: error.message, ...error.details };
    throw error;
  }
  throw new Error('nothing was refused');
}

const refused = (message: string, pointer?: string) => ({
  code: 'INVALID_SAMPLE',
  message,
  field: 'sample',
  ...(pointer !== undefined && { pointer }),
});

/** `{"k": {"k": ... {}}}`, the record being level 1. */
const objects = (levels: number) => `${'{"k":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
/** A record with arrays in one another. */
const arrays = (levels: number) => `{"k":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
/** A record with arrays of objects in one another: two levels each. */
const lists = (pairs: number) => `{"k":${'[{"k":'.repeat(pairs)}1${'}]'.repeat(pairs)}}`;

describe('readSample', () => {
  it('reads JSON text and parsed JSON the same way, and keeps all digits', () => {
    const text = '{"big":12345678901234567890,"n":0.1,"__proto__":{"constructor":"x"}}';
    const { text: kept, fields } = readSample(text);
    expect(kept).toBe(text);
    expect(fields).toEqual([
      {
        path: 'big',
        key: 'big',
        type: 'TEXT',
        textForm: 'NUMBER',
        parent: null,
        depth: 0,
        nullable: false,
        optional: false,
        example: new ExactNumber('12345678901234567890'),
      },
      {
        path: 'n',
        key: 'n',
        type: 'NUMERIC',
        fractional: true,
        parent: null,
        depth: 0,
        nullable: false,
        optional: false,
        example: 0.1,
      },
      { path: '__proto__', key: '__proto__', type: 'OBJECT', parent: null, depth: 0, nullable: false, optional: false },
      {
        path: '__proto__.constructor',
        key: 'constructor',
        type: 'TEXT',
        textForm: 'STRING',
        parent: '__proto__',
        depth: 1,
        nullable: false,
        optional: false,
        example: 'x',
      },
    ]);
    expect(readSample({ n: new ExactNumber('9007199254740993') })).toMatchObject({ text: '{"n":9007199254740993}' });
  });

  it.each<[string, string]>([
    ['5', 'the sample is 5; give a JSON object, or an array of JSON objects'],
    ['null', 'the sample is null; give a JSON object, or an array of JSON objects'],
    ['"x"', 'the sample is "x"; give a JSON object, or an array of JSON objects'],
    ['12345678901234567890', 'the sample is 12345678901234567890; give a JSON object, or an array of JSON objects'],
    ['[]', 'the sample is an empty array; give at least one record'],
    ['{}', 'the sample has no fields; give a record with at least one key'],
    ['[{}, {}]', 'the sample has no fields; give a record with at least one key'],
  ])('refuses %s', (text, message) => {
    expect(faultOf(text)).toEqual(refused(message, ''));
  });

  it.each<[string, string, string]>([
    ['[{"a": 1}, null]', 'null', '/1'],
    ['[[{"a": 1}]]', '[{"a":1}]', '/0'],
    ['[{"a": 1}, {"a": 1}, 9007199254740993]', '9007199254740993', '/2'],
  ])('refuses the element of %s that is not a record', (text, shown, pointer) => {
    const message = `element ${pointer.slice(1)} of the sample is ${shown}; every element must be a record, a JSON object`;
    expect(faultOf(text)).toEqual(refused(message, pointer));
  });

  it('refuses an empty text', () => {
    for (const text of ['', ' \n']) {
      expect(faultOf(text)).toEqual(refused('the sample is an empty text; give a JSON object or an array of objects'));
    }
  });

  it.each<[string, string]>([
    ['{"a": }', 'line 1, column 7: "}" does not belong there'],
    ['{"a": 1,\n "b" 2}', 'line 2, column 6: "2" does not belong there'],
    ['['.repeat(100_000), 'line 1, column 1001: the JSON nests more than 1000 levels deep'],
  ])('refuses text that is not JSON, and says where', (text, fault) => {
    const message = `the sample is not JSON: ${fault}; give a JSON object or an array of objects`;
    expect(faultOf(text)).toEqual(refused(message));
  });

  it.each<[string, string]>([
    ['{"a": 1, "a": 1}', '/a'],
    ['{"a": {"__proto__": 1, "__proto__": 2}}', '/a/__proto__'],
    ['[{"a": 1}, {"l": [{}, {"x/y": 1, "x\\u002fy": 2}]}]', '/1/l/1/x~1y'],
    ['{"": 1, "": 2}', '/'],
    ['{"😀": 12345678901234567890, "\\ud83d\\ude00": 2}', '/😀'],
  ])('refuses the key that %s gives twice', (text, pointer) => {
    const message = `the sample gives the key at "${pointer}" twice; a record can have it only once`;
    expect(faultOf(text)).toEqual(refused(message, pointer));
  });

  it.each<[string, string]>([
    ['objects', objects(32)],
    ['arrays', arrays(32)],
    ['arrays of objects', lists(15)],
  ])('takes 32 levels of %s', (_name, text) => {
    expect(readSample(text).text).toBe(text);
  });

  it.each<[string, string, string]>([
    ['objects', objects(33), '/k'.repeat(32)],
    ['arrays of objects', lists(16), `/k${'/0/k'.repeat(15)}/0`],
  ])('refuses 33 levels of %s', (_name, text, pointer) => {
    expect(faultOf(text)).toEqual(refused(`the sample at ${pointer} nests more than 32 levels deep`, pointer));
  });

  it('refuses 33 levels of arrays', () => {
    expect(faultOf(arrays(33)).message).toMatch(/nests more than 32 levels deep/);
    expect(faultOf(`{"k": ${'[[['.repeat(300)}${']]]'.repeat(300)}}`).message).toMatch(
      /nests more than 32 levels deep/,
    );
  });

  it('takes 5,000 fields and refuses 5,001, however they are nested', () => {
    const record = (count: number) =>
      JSON.stringify(Object.fromEntries([...Array(count)].map((_, at) => [`k${at}`, 1])));
    expect(readSample(record(5_000)).fields).toHaveLength(5_000);
    expect(faultOf(record(5_001))).toEqual(refused('the sample has 5001 fields; at most 5000 are allowed', ''));
    expect(faultOf(`{"o":[${record(2_500)}],"p":${record(2_500)}}`)).toEqual(
      refused('the sample has 5002 fields; at most 5000 are allowed', ''),
    );
  });

  it('refuses paths that are too long in total', () => {
    const wide = JSON.stringify(Object.fromEntries([...Array(400)].map((_, at) => [`k${at}`, 1])));
    expect(faultOf(`{"${'x'.repeat(10_000)}":${wide}}`).message).toMatch(
      /^the paths of the sample's fields have \d+ characters in total; at most 1000000 are allowed: shorten keys that contain many others$/,
    );
  });

  it('takes 1,000,000 bytes and refuses one more, counted as UTF-8', () => {
    const sized = (bytes: number) => ({ a: `é${'x'.repeat(bytes - '{"a":"é"}'.length - 1)}` });
    expect(readSample(sized(1_000_000)).fields).toHaveLength(1);
    expect(faultOf(sized(1_000_001))).toEqual(
      refused(
        'the sample has 1000001 bytes; at most 1000000 are allowed: a few records that show every field are enough',
      ),
    );
  });
});
