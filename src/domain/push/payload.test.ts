import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringifyJson } from '../json/stringify-json.js';
import { readRecords } from './payload.js';

/** Long enough to be read in pieces. */
const SPACE = ' '.repeat(70_000);

function textsOf(body: string | Buffer, form: 'ENVELOPE' | 'RECORDS' | 'NDJSON'): string[] {
  return [...readRecords(Buffer.from(body), form)].flat().map((record) => stringifyJson(record));
}

describe('readRecords', () => {
  const literal = fc.constantFrom('12345678901234567890', '1e999', '-0', '"\\ud800"', '"ä\\n"', '[[]]', '{"a":{}}');
  const key = fc.constantFrom('a', '\\u0061', '__proto__', 'data');
  const record = fc
    .tuple(key, fc.oneof(literal, fc.json({ maxDepth: 1 })))
    .map(([name, value]) => `{"${name}":${value}}`);

  it('gives the same for short bodies as for long ones', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 4 }), (records) => {
        const array = `[${records.join(',')}]`;
        for (const data of [array, ...records.slice(0, 1)]) {
          const envelope = `{"datasetId":"a","data":${data}}`;
          expect(textsOf(envelope, 'ENVELOPE')).toEqual(textsOf(envelope + SPACE, 'ENVELOPE'));
          expect(textsOf(data, 'RECORDS')).toEqual(textsOf(data + SPACE, 'RECORDS'));
        }
        const lines = records.map((line) => `${line}\n`).join('');
        expect(textsOf(lines, 'NDJSON')).toEqual(textsOf(array, 'RECORDS'));
      }),
    );
  });

  it.each([
    ['RECORDS', '\ufeff[{"a":1},{"a":2}]', ['{"a":1}', '{"a":2}']],
    ['RECORDS', '{"data":[{"a":1}]}', ['{"data":[{"a":1}]}']],
    ['ENVELOPE', '{"d\\u0061ta":[{"a":12345678901234567890}]}', ['{"a":12345678901234567890}']],
    ['ENVELOPE', '{"datasetId":"a"}', []],
    ['ENVELOPE', '{"data":7}', []],
  ] as const)('reads %s %s', (form, body, expected) => {
    expect(textsOf(body, form)).toEqual(expected);
    expect(textsOf(body + SPACE, form)).toEqual(expected);
  });
});
