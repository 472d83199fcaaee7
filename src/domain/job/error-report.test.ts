import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ErrorReport, joinErrors } from './error-report.js';
import type { ErrorSummaryEntry, JobErrorCode, Mismatch } from './job.js';
import { RecordMismatches } from './record-mismatches.js';

interface Given {
  readonly place: string;
  readonly code: JobErrorCode;
}

const mismatchAt = ({ place, code }: Given, index: number): Mismatch => ({
  pointer: `${place}/${index}`,
  code,
  message: `${code} at ${place} of ${index}`,
  expected: 'e',
  actual: 'a',
});

function mismatchesOf(given: readonly Given[], index: number): RecordMismatches {
  const mismatches = new RecordMismatches();
  for (const one of given) mismatches.add(one.place, one.code, () => mismatchAt(one, index));
  return mismatches;
}

/** The report of records with these mismatches. The first record has the index `from`. */
function reportOf(records: readonly (readonly Given[])[], from = 0): ErrorReport {
  const report = new ErrorReport();
  for (const [index, given] of records.entries()) {
    if (given.length > 0) report.add(from + index, mismatchesOf(given, from + index));
  }
  return report;
}

const short = ({ pointer, code, records, firstIndexes }: ErrorSummaryEntry) => [pointer, code, records, firstIndexes];

const given = fc.record({
  place: fc.constantFrom('', '/a', '/b', '/a/b'),
  code: fc.constantFrom<JobErrorCode>('WRONG_TYPE', 'MISSING_KEY'),
});
const records = fc.array(fc.array(given, { maxLength: 15 }), { maxLength: 40 });

describe('a report of errors', () => {
  it('counts exactly the records of each kind, also those whose errors are not kept', () => {
    fc.assert(
      fc.property(records, (all) => {
        const report = reportOf(all);
        const { summary } = report.toErrors();
        expect(report.errorCount).toBe(all.flat().length);
        const kinds = new Set(all.flat().map(({ place, code }) => `${place} ${code}`));
        expect(new Set(summary.map(({ pointer, code }) => `${pointer} ${code}`))).toEqual(kinds);
        expect(summary).toHaveLength(kinds.size);
        for (const entry of summary) {
          const indexes = all.flatMap((one, index) =>
            one.some(({ place, code }) => place === entry.pointer && code === entry.code) ? [index] : [],
          );
          expect(short(entry).slice(2)).toEqual([indexes.length, indexes.slice(0, 10)]);
          expect(entry.example).toBe(`${entry.code} at ${entry.pointer} of ${indexes[0]}`);
        }
      }),
    );
  });

  it('equals two joined reports when each record of the second one has one reason', () => {
    const later = fc.array(
      given.map((one) => [one]),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(records, later, (first, second) => {
        const whole = reportOf([...first, ...second]).toErrors();
        const together = joinErrors(reportOf(first).toErrors(), reportOf(second, first.length).toErrors());
        expect(together.kept).toEqual(whole.kept);
        expect(new Set(together.summary)).toEqual(new Set(whole.summary));
      }),
    );
  });

  it('names the most frequent kind first', () => {
    const rare = { place: '/a', code: 'WRONG_TYPE' as const };
    const frequent = { place: '/b', code: 'WRONG_TYPE' as const };
    expect(
      reportOf([[rare], [frequent], [frequent, rare], [frequent]])
        .toErrors()
        .summary.map(short),
    ).toEqual([
      ['/b', 'WRONG_TYPE', 3, [1, 2, 3]],
      ['/a', 'WRONG_TYPE', 2, [0, 2]],
    ]);
  });

  it('counts all kinds beyond the first 1,000 in one entry, each record once', () => {
    const kinds = Array.from({ length: 1_200 }, (_, n) => ({ place: `/p${n}`, code: 'WRONG_TYPE' as const }));
    const { summary } = reportOf([kinds.slice(0, 900), kinds, kinds.slice(1_100), kinds.slice(0, 1)]).toErrors();
    expect(summary).toHaveLength(1_001);
    expect(summary.map(short).at(0)).toEqual(['/p0', 'WRONG_TYPE', 3, [0, 1, 3]]);
    expect(summary.at(-1)).toEqual({
      pointer: null,
      code: 'OTHERS',
      records: 2,
      firstIndexes: [1, 2],
      example: 'WRONG_TYPE at /p1000 of 1',
    });
    const late = { place: '', code: 'ROW_REFUSED' as const };
    const together = joinErrors({ kept: [], summary }, reportOf([[late], [late]], 4).toErrors());
    expect(together.summary).toHaveLength(1_001);
    expect(together.summary.map(short).at(-1)).toEqual([null, 'OTHERS', 4, [1, 2, 4, 5]]);
  });

  it('keeps the errors of the 100 records with the lowest indexes, at most 10 each, in any order of arrival', () => {
    const report = new ErrorReport();
    const many = Array.from({ length: 12 }, (_, n) => ({ place: `/${n}`, code: 'WRONG_TYPE' as const }));
    for (let index = 1; index < 300; index += 2) report.add(index, mismatchesOf(many, index));
    for (let index = 0; index < 300; index += 2) report.add(index, mismatchesOf(many.slice(0, 1), index));
    const { kept } = report.toErrors();
    expect([...new Set(kept.map(({ recordIndex }) => recordIndex))]).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(kept.filter(({ recordIndex }) => recordIndex === 1)).toHaveLength(10);
    expect(kept).toHaveLength(50 * 10 + 50);
  });

  it('stays small with any length of texts and any number of kinds', () => {
    const text = '漢'.repeat(200_000);
    const kinds = Array.from({ length: 1_100 }, (_, n) => ({ place: `/${n}${text}`, code: 'WRONG_TYPE' as const }));
    const { summary } = reportOf([kinds]).toErrors();
    expect(Buffer.byteLength(JSON.stringify(summary))).toBeLessThan(7 * 1024 * 1024);
  });

  it('names no record when the whole job is at fault', () => {
    const report = new ErrorReport();
    report.add(null, RecordMismatches.of(mismatchAt({ place: '', code: 'IDENTIFIER_REQUIRED' }, 0), ''));
    expect(report.toErrors().summary.map(short)).toEqual([['', 'IDENTIFIER_REQUIRED', 0, []]]);
  });
});
