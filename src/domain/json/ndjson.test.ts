import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atOnce } from '../at-once.js';
import { SluiceError } from '../errors.js';
import { ExactNumber, type JsonValue } from './json-value.js';
import { readLines } from './ndjson.js';
import { parseSentJsonInSlices } from './parse-json.js';
import { stringifyJson } from './stringify-json.js';

function read(body: string | Buffer): JsonValue[] {
  const values: JsonValue[] = [];
  atOnce(readLines(Buffer.from(body), parseSentJsonInSlices, (value) => values.push(value)));
  return values;
}

function faultOf(body: string | Buffer): [string, string] {
  try {
    read(body);
  } catch (error) {
    if (error instanceof SluiceError) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('readLines', () => {
  it.each<[string, unknown]>([
    ['', []],
    ['\n\r\n \t\n', []],
    ['1', [1]],
    ['1\n', [1]],
    ['{"a":"x\\ny"}\r\n[null]\r\n', [{ a: 'x\ny' }, [null]]],
    [
      '9007199254740993\n0.1\n1e300\n1e999',
      [new ExactNumber('9007199254740993'), 0.1, 1e300, new ExactNumber('1e999')],
    ],
    ['"\u2028"\n"\u0085"', ['\u2028', '\u0085']],
  ])('reads %j', (body, values) => {
    expect(read(body)).toEqual(values);
  });

  it('reads any values that are written one per line', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom('\n', '\r\n', '\n\n'), (values, end) => {
        const body = values.map((value) => JSON.stringify(value) + end).join('');
        expect(stringifyJson(read(body))).toBe(JSON.stringify(values));
      }),
    );
  });

  it.each<[string, string]>([
    ['{"a":1}\n{"a":}', 'line 2 of the NDJSON is not JSON: column 6: "}" does not belong there'],
    ['{"a":1}{"a":2}', 'line 1 of the NDJSON is not JSON: column 8: "{" does not belong there'],
    ['\n\n[1,\n2]', 'line 3 of the NDJSON is not JSON: column 4: the JSON ends too early'],
    ['1\n[1]]', 'line 2 of the NDJSON is not JSON: column 4: "]" does not belong there'],
    [
      `1\n${'['.repeat(100_000)}`,
      'line 2 of the NDJSON is not JSON: column 1001: the JSON nests more than 1000 levels deep',
    ],
  ])('names the line of the fault', (body, message) => {
    expect(faultOf(body)).toEqual(['INVALID_JSON', message]);
  });

  it('names the line that is not UTF-8', () => {
    expect(faultOf(Buffer.from([0x31, 0x0a, 0x22, 0xff, 0x22, 0x0a]))).toEqual([
      'INVALID_JSON',
      'line 2 of the NDJSON is not JSON: column 2: the byte 0xff does not belong there: the body is not UTF-8 text; send JSON encoded as UTF-8',
    ]);
  });
});
