import { atOnce } from '../../src/domain/at-once.js';
import { columnsById } from '../../src/domain/design/column-pointer.js';
import { mergeFields, NO_COLUMNS } from '../../src/domain/design/design-from-fields.js';
import type { StoredValue } from '../../src/domain/design/stored-value.js';
import { RecordMismatches } from '../../src/domain/job/record-mismatches.js';
import type { JsonValue } from '../../src/domain/json/json-value.js';
import { inferFields } from '../../src/domain/sample/infer-fields.js';
import { type Answers, NO_ANSWERS } from '../../src/domain/transform/answers.js';
import { planTransformations } from '../../src/domain/transform/plan-transformations.js';
import { compileSteps } from '../../src/domain/transform/run-steps.js';
import type { Step, StepName, StepSettings } from '../../src/domain/transform/step-kinds.js';
import { isRows } from '../../src/domain/transform/steps-result.js';
import type { TransformationPlan } from '../../src/domain/transform/transformation-plan.js';
import { WorkMeter } from '../../src/domain/transform/work-meter.js';

/** Columns that steps under test read: numbers n and m, a text, dates from and to, a boolean and arrays. */
const SAMPLE = { n: 1, m: 1, text: 'x', from: '2024-01-01', to: '2024-01-01', yes: true, texts: ['x'], numbers: [1] };
const CREATED = 'result';

function baseOf(sample: JsonValue) {
  const { columns, lastKey } = mergeFields(NO_COLUMNS, inferFields(sample));
  return { sampleColumns: columns, createdColumns: [], lastKey };
}

function planned(step: Step, sample: JsonValue): TransformationPlan {
  const rest = { id: 's', name: 's', enabled: true, output: { create: CREATED }, replaceWith: null } as const;
  return planTransformations(baseOf(sample), [{ ...rest, onError: 'REJECT_RECORD', step }]);
}

/** What is wrong with a step on the columns of a sample, as designs say it but without the step's name. */
export function faultsOf(step: Step, sample: JsonValue = SAMPLE): string[] {
  return planned(step, sample).faults.map(({ message }) => message.replace('step "s": ', ''));
}

type GivenValues = Readonly<Record<string, StoredValue | null>>;

/** Why a step gives no value for a row. */
interface Failed {
  readonly error: string | undefined;
}

/** Compiles a step; the function gives its value for a row by column ids, null for none. */
function compiledStep(
  step: Step,
  sample: JsonValue,
): (given: GivenValues, savedAt?: Date, answers?: Answers) => unknown {
  const { steps, created, faults } = planned(step, sample);
  const columns = columnsById(baseOf(sample).sampleColumns);
  const run = compileSteps(steps);
  const target = created[0]?.storedKey;
  if (!run || target === undefined) throw new Error(`the step has faults: ${faults.map(({ message }) => message)}`);
  return (given, savedAt = new Date(0), answers = NO_ANSWERS) => {
    const values: Record<string, StoredValue | undefined> = {};
    for (const [id, value] of Object.entries(given)) {
      const column = columns.get(id);
      if (!column) throw new Error(`the sample has no column ${id}`);
      values[column.storedKey] = value ?? undefined;
    }
    const rows = atOnce(run({ values, arrays: null }, { savedAt, answers, places: null, work: new WorkMeter() }));
    if (rows instanceof RecordMismatches) return failed(rows);
    return isRows(rows) ? (rows[0]?.values[target] ?? null) : rows;
  };
}

function failed({ kept }: RecordMismatches): Failed {
  return { error: kept[0]?.message.replace('step "s": ', '') };
}

/** Plans a step on the columns of a sample. `of` computes it for values by column ids; an error comes out as `{ error: message }`. */
export function plannedStep<K extends StepName>(kind: K, settings: StepSettings[K], sample: JsonValue) {
  const step = { kind, settings } as Extract<Step, { kind: K }>;
  return {
    type: planned(step, sample).created[0]?.type,
    faults: faultsOf(step, sample),
    of: (given: GivenValues) => compiledStep(step, sample)(given),
  };
}

/** Compiles a step on the usual columns; the function returns its value, null for none, or the error's message. */
export function compiled(step: Step): (given: GivenValues, savedAt?: Date, answers?: Answers) => unknown {
  const compute = compiledStep(step, SAMPLE);
  return (given, savedAt, answers) => {
    const result = compute(given, savedAt, answers);
    return typeof result === 'object' && result !== null && 'error' in result ? result.error : result;
  };
}

/** The same of one row. */
export function resultOf(
  step: Step,
  values: Readonly<Record<string, StoredValue>>,
  savedAt?: Date,
  answers?: Answers,
): unknown {
  return compiled(step)(values, savedAt, answers);
}

/** The same of a row with a date; a date is a text without the zeros that end it. */
export function dateResultOf(step: Step, from: string, more: { n?: number; to?: string } = {}): unknown {
  const { n = 0, to = from } = more;
  const result = resultOf(step, { from: new Date(from), to: new Date(to), n });
  return result instanceof Date ? result.toISOString().replace(/(:00)?\.000Z$/, 'Z') : result;
}
