import { describe, expect, it } from '@jest/globals';
import { atOnce, isSliced } from '../at-once.js';
import { mergeFields, NO_COLUMNS } from '../design/design-from-fields.js';
import { ObjectArray } from '../design/object-array.js';
import type { WorkingRow } from '../design/working-row.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { inferFields } from '../sample/infer-fields.js';
import { NO_ANSWERS } from './answers.js';
import { compileSteps } from './run-steps.js';
import type { StepResult } from './step-context.js';
import { isRows } from './steps-result.js';
import type { PlannedStep } from './transformation-plan.js';
import { WorkMeter } from './work-meter.js';

const [target] = mergeFields(NO_COLUMNS, inferFields({ t: 'x' })).columns;

/** The message for a record, if its step gives this. */
function refusalOf(result: StepResult): string | undefined {
  if (!target) throw new Error('the sample gives a column');
  const step = { kind: 'lowercase', settings: { column: 't' } } as const;
  const settings = { enabled: true, output: { update: 't' }, onError: 'REJECT_RECORD', replaceWith: null } as const;
  const transformation = { id: 's', name: 'S', ...settings, step };
  const run = compileSteps([
    { transformation, plan: { type: 'TEXT', compute: () => result }, target, reasonToHide: null },
  ]);
  if (!run) throw new Error('there is a step');
  const context = { savedAt: new Date(0), answers: NO_ANSWERS, places: null, work: new WorkMeter() };
  const ran = atOnce(run({ values: {}, arrays: null }, context));
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

describe('a step that does much work', () => {
  it('lets others have their turn before the step after it', () => {
    if (!target) throw new Error('the sample gives a column');
    const settings = { id: 's', name: 'S', enabled: true, onError: 'IGNORE', replaceWith: null } as const;
    const step = { kind: 'lowercase', settings: { column: 't' } } as const;
    const transformation = { ...settings, output: { update: 't' }, step } as const;
    const events: string[] = [];
    const heavy = (name: string): PlannedStep => ({
      transformation,
      plan: {
        type: 'TEXT',
        compute: (_, { work }) => {
          work.spend(19_000_000);
          events.push(name);
          return 'x';
        },
      },
      target,
      reasonToHide: null,
    });
    const run = compileSteps([heavy('first'), heavy('second')]);
    const context = { savedAt: new Date(0), answers: NO_ANSWERS, places: null, work: new WorkMeter() };
    const running = run?.({ values: {}, arrays: null }, context);
    if (!running || !isSliced(running)) throw new Error('the steps run in slices');
    while (!running.next().done) events.push('turn');
    expect(events).toEqual(['first', 'turn', 'second']);
  });
});

describe('the size of the rows of a record while steps run', () => {
  const settings = { id: 's', name: 'S', enabled: true, onError: 'IGNORE', replaceWith: null } as const;
  const step = { kind: 'lowercase', settings: { column: 't' } } as const;
  const MB = 1024 * 1024;

  /** Gives so many rows for a record. */
  function multiplied(count: number): PlannedStep {
    const expand = (row: WorkingRow) =>
      Array.from({ length: count }, () => ({ values: { ...row.values }, arrays: row.arrays }));
    const plan = { creates: null, removal: null, expand };
    return { transformation: { ...settings, output: null, step }, plan, target: undefined, reasonToHide: null };
  }

  /** Makes a value for each row. */
  function put(compute: () => StepResult): PlannedStep {
    const transformation = { ...settings, output: { update: 't' }, step };
    return { transformation, plan: { type: 'TEXT', compute }, target, reasonToHide: null };
  }

  function outcome(text: string, ...steps: PlannedStep[]): string | number | undefined {
    const values = { [target?.storedKey ?? '']: text };
    const context = { savedAt: new Date(0), answers: NO_ANSWERS, places: null, work: new WorkMeter() };
    const run = compileSteps(steps)?.({ values, arrays: null }, context);
    const ran = run ? atOnce(run) : [];
    if (ran instanceof RecordMismatches) return ran.kept[0]?.code;
    return isRows(ran) ? ran.length : undefined;
  }

  it('is limited where rows are multiplied', () => {
    expect(outcome('x'.repeat(MB), multiplied(127))).toBe(127);
    expect(outcome('x'.repeat(MB), multiplied(130))).toBe('ROW_TOO_LARGE');
    expect(outcome('x'.repeat(MB), multiplied(10), multiplied(10), multiplied(2))).toBe('ROW_TOO_LARGE');
  });

  it('is limited where values are made, at the first row that is too much', () => {
    let computed = 0;
    const text = put(() => {
      computed += 1;
      return 'x'.repeat(MB - 100_000);
    });
    expect(outcome('', multiplied(10_000), text)).toBe('ROW_TOO_LARGE');
    expect(computed).toBeLessThan(150);
  });

  it('is limited where many steps make values of a single row', () => {
    const steps = Array.from({ length: 200 }, (_, n) => {
      const step = put(() => 'x'.repeat(MB - 100_000));
      return { ...step, target: step.target && { ...step.target, storedKey: `k${n}` } };
    });
    expect(outcome('', ...steps.slice(0, 120))).toBe(1);
    expect(outcome('', ...steps)).toBe('ROW_TOO_LARGE');
  });

  it('does not count what later values and removed rows have taken away', () => {
    const text = put(() => 'x'.repeat(MB - 100_000));
    expect(
      outcome(
        '',
        multiplied(100),
        text,
        text,
        text,
        put(() => null),
        text,
      ),
    ).toBe(100);
    expect(outcome('x'.repeat(MB), multiplied(100), multiplied(0), multiplied(100))).toBe(0);
    const elements = new ObjectArray(Array(10_000).fill(null), { pointer: '/a', kindPointer: '/a' });
    const array = put(() => elements.pick(elements.elements.map((_, index) => index)));
    expect(outcome('', multiplied(1_000), array, array, array)).toBe(1_000);
  });
});
