import { describe, expect, it } from '@jest/globals';
import { faultsOf, resultOf } from '../../../../test/support/steps.js';
import { recordIdOfValues } from '../../design/identity.js';
import type { StoredScalar, StoredValue } from '../../design/stored-value.js';
import type { Answer } from '../answers.js';
import { shownStep } from '../step-kinds.js';
import type { LookupStep } from './lookup.js';

const NAME = { id: 'name', storedKey: 'c9', type: 'TEXT' } as const;
const TAGS = { id: 'tags', storedKey: 'c8', type: 'TEXT_ARRAY' } as const;
const ID = { id: 'id', storedKey: 'c1', type: 'NUMERIC' } as const;
const AREA = { id: 'area', storedKey: 'c2', type: 'TEXT' } as const;

const settings: LookupStep = {
  dataset: 'customers',
  by: [{ identifier: 'id', column: 'n' }],
  take: 'name',
  resolved: { identifiers: [ID], take: NAME },
};
const lookup = (more: Partial<LookupStep> = {}) => ({ kind: 'lookup' as const, settings: { ...settings, ...more } });
const found = (values: readonly StoredScalar[], answer: Answer) =>
  [`customers/${recordIdOfValues(values)}`, answer] as const;
const answers = (...entries: (readonly [string, Answer])[]) => new Map(entries);

describe('lookup', () => {
  it.each<[string, Partial<LookupStep>, Record<string, StoredValue>, Answer, unknown]>([
    ['the value', {}, { n: 5 }, { values: { c9: 'Ada' } }, 'Ada'],
    ['null for a null there', {}, { n: 5 }, { values: {} }, null],
    ['null without a match', {}, { n: 5 }, { values: null }, null],
    [
      'an array',
      { resolved: { identifiers: [ID], take: TAGS } },
      { n: 5 },
      { values: { c8: ['a', null] } },
      ['a', null],
    ],
    [
      'what is wrong',
      {},
      { n: 5 },
      { values: null, faults: { c9: 'the dataset was deleted' } },
      'the dataset was deleted',
    ],
    ['the value if another column is wrong', {}, { n: 5 }, { values: { c9: 'Ada' }, faults: { c8: 'x' } }, 'Ada'],
    [
      'an error without a match that is required',
      { required: true },
      { n: 5 },
      { values: null },
      'dataset "customers" has no record with the unique identifiers "5" to take "name" from; load that record first, or set required: false',
    ],
  ])('gives %s', (_, more, row, answer, expected) => {
    expect(resultOf(lookup(more), row, undefined, answers(found([5], answer)))).toEqual(expected);
  });

  it('asks for nothing if a column of the key is null', () => {
    expect(resultOf(lookup({ required: true }), {})).toBeNull();
  });

  it('asks for the record by the identifiers in their own order', () => {
    const both = lookup({
      by: [
        { identifier: 'id', column: 'n' },
        { identifier: 'area', column: 'text' },
      ],
      resolved: { identifiers: [AREA, ID], take: NAME },
    });
    const row = { n: 5, text: 'north' };
    const known = answers(found(['north', 5], { values: { c9: 'Ada' } }));
    expect(resultOf(both, row, undefined, known)).toBe('Ada');
    const recordId = recordIdOfValues(['north', 5]);
    expect(resultOf(both, row)).toEqual({
      needs: [{ kind: 'LOOKUP', key: `customers/${recordId}`, datasetId: 'customers', recordId }],
    });
  });

  it.each<[string, Partial<LookupStep>, string]>([
    [
      'has another type',
      { by: [{ identifier: 'id', column: 'text' }] },
      'by[0].column is "text": the column is TEXT; the step takes NUMERIC',
    ],
    ['does not exist', { by: [{ identifier: 'id', column: 'gone' }] }, 'by[0].column is "gone": no column has this id'],
  ])('refuses a key column that %s', (_, more, fault) => {
    expect(faultsOf(lookup(more))).toEqual([fault]);
  });

  it('refuses what could not be read from the other dataset', () => {
    expect(faultsOf(lookup({ resolved: { fault: 'dataset is "x", and there is no such dataset' } }))).toEqual([
      'dataset is "x", and there is no such dataset',
    ]);
    expect(faultsOf(lookup({ resolved: undefined }))).toEqual([
      'dataset is "customers", whose design has not been read',
    ]);
  });

  it('shows the settings as they were sent', () => {
    const { resolved: _, ...sent } = settings;
    expect(shownStep(lookup())).toEqual({ lookup: sent });
  });
});
