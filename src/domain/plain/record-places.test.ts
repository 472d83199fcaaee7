import { describe, expect, it } from '@jest/globals';
import { atOnce } from '../at-once.js';
import type { PayloadForm } from '../job/job.js';
import { parseKeptJson } from '../json/parse-json.js';
import { readRecords } from '../push/payload.js';
import { NOT_PLAIN } from './plain-value.js';
import { RecordPlaces } from './record-places.js';

const BOM = '\ufeff';
const A = '{"a":"}\\"]\\\\","b":[{"c":1},[2,"]"]]}';

function recordsIn(bytes: Buffer, form: PayloadForm) {
  const places = atOnce(RecordPlaces.in(bytes, form));
  const records: unknown[] = [];
  for (let at = places?.next(null) ?? null; places && at !== null; ) {
    const end = places.endOf(at);
    records.push(parseKeptJson(bytes.subarray(at, end)));
    at = places.next(end);
  }
  return records;
}

describe('the places of records', () => {
  it.each<[PayloadForm, string]>([
    ['RECORDS', `[${A},{},${A}]`],
    ['RECORDS', `${BOM} [\n${A} ,\t{} ]\n`],
    ['RECORDS', ` ${A} `],
    ['RECORDS', '[]'],
    ['ENVELOPE', `{"datasetId":"[{","data":[${A},${A}],"documentUpdateMethod":"replace"}`],
    ['ENVELOPE', `{"data":[ ],"datasetId":"x"}`],
    ['NDJSON', `${A}\r\n\n  {}\n${A}`],
    ['NDJSON', `${A}${'\n'}`],
  ])('are those of the records in %s: %s', (form, text) => {
    const bytes = Buffer.from(text);
    expect(recordsIn(bytes, form)).toEqual([...readRecords(bytes, form)].flat());
  });

  it('have no end where a record is too long for a turn', () => {
    const places = atOnce(RecordPlaces.in(Buffer.from(`[{"a":"${'x'.repeat(70_000)}"}]`), 'RECORDS'));
    expect(places?.endOf(1)).toBe(NOT_PLAIN);
  });
});
