import { describe, expect, it } from '@jest/globals';
import type { Need } from '../transform/answers.js';
import { MAX_FOUND_BYTES, sizeOfAnswer } from './answer-size.js';
import { LookupResults } from './lookup-results.js';
import type { Lookups } from './wanted-columns.js';

const WANTED = { identifiers: [], columns: new Map() };
const LOOKUPS: Lookups = new Map([
  ['a', WANTED],
  ['b', WANTED],
]);
const need = (datasetId: string, recordId: string): Need => ({
  kind: 'LOOKUP',
  key: `${datasetId}/${recordId}`,
  datasetId,
  recordId,
});

describe('what lookups have found', () => {
  it('is asked for dataset by dataset, each record once, and at most 1,000 records in one go', () => {
    const many = Array.from({ length: 2_500 }, (_, n) => need('a', String(n)));
    const questions = [...new LookupResults(LOOKUPS).questions([...many, need('b', '0'), ...many])];
    expect(questions.map(({ datasetId, recordIds }) => [datasetId, recordIds.length])).toEqual([
      ['a', 1_000],
      ['a', 1_000],
      ['a', 500],
      ['b', 1],
    ]);
    expect(new Set(questions.flatMap(({ recordIds }) => recordIds)).size).toBe(2_500);
  });

  it('is not asked for again, also if there is no such record', () => {
    const found = new LookupResults(LOOKUPS);
    const answer = { values: { c1: 'Ada' } };
    for (const question of found.questions([need('a', '1'), need('a', '2')]))
      found.take(question, new Map([['1', answer]]));
    expect(Object.fromEntries(found.answers)).toEqual({ 'a/1': answer, 'a/2': { values: null } });
    expect([...found.questions([need('a', '1'), need('a', '2'), need('b', '1')])]).toMatchObject([
      { datasetId: 'b', recordIds: ['1'] },
    ]);
  });

  it('leaves less room for the rest', () => {
    const found = new LookupResults(LOOKUPS);
    const answer = { values: { c1: 'x'.repeat(1_000) } };
    for (const question of found.questions([need('a', '1')])) found.take(question, new Map([['1', answer]]));
    expect(found.room).toBe(MAX_FOUND_BYTES - sizeOfAnswer(answer));
  });
});
