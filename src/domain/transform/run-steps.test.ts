import { describe, expect, it } from '@jest/globals';
import { mergeFields, NO_COLUMNS } from '../design/design-from-fields.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { inferFields } from '../sample/infer-fields.js';
import { NO_ANSWERS } from './answers.js';
import { compileSteps } from './run-steps.js';
import type { StepResult } from './step-context.js';

const [target] = mergeFields(NO_COLUMNS, inferFields({ t: 'x' })).columns;

/** The message for a record, if its step gives this. */
function refusalOf(result: StepResult): string | undefined {
  if (!target) throw new Error('the sample gives a column');
  const step = { kind: 'lowercase', settings: { column: 't' } } as const;
  const settings = { enabled: true, output: { update: 't' }, onError: 'REJECT_RECORD', replaceWith: null } as const;
  const transformation = { id: 's', name: 'S', ...settings, step };
  const run = compileSteps([{ transformation, plan: { type: 'TEXT', compute: () => result }, target }]);
  const ran = run?.({ values: {}, arrays: null }, { savedAt: new Date(0), answers: NO_ANSWERS });
  return ran instanceof RecordMismatches ? ran.kept[0]?.message : undefined;
}

describe('the result of a step', () => {
  it.each<[string, StepResult, string | undefined]>([
    ['a text', 'x', undefined],
    ['null', null, undefined],
    ['a million characters', 'x'.repeat(1_000_000), undefined],
    ['one more', 'x'.repeat(1_000_001), 'the result has more than 1000000 characters'],
    ['10,000 elements', Array(10_000).fill('x'), undefined],
    ['one more element', Array(10_001).fill('x'), 'the result has more than 10000 elements'],
    ['half of a surrogate pair', '\ud800', 'the result holds half of a surrogate pair'],
    ['NaN', Number.NaN, 'the result is NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'the result is Infinity'],
  ])('%s', (_, result, refusal) => {
    expect(refusalOf(result)).toEqual(refusal === undefined ? undefined : expect.stringContaining(refusal));
  });
});
