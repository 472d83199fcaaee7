import { mergeFields, NO_COLUMNS } from '../../src/domain/design/design-from-fields.js';
import type { StoredValue } from '../../src/domain/design/stored-value.js';
import { inferFields } from '../../src/domain/sample/infer-fields.js';
import { planTransformations, type TransformationPlan } from '../../src/domain/transform/plan-transformations.js';
import { compileSteps } from '../../src/domain/transform/run-steps.js';
import type { Step } from '../../src/domain/transform/step-kinds.js';
import type { WorkingRow } from '../../src/domain/transform/working-row.js';

/** Columns that steps under test read: numbers n and m, a text, dates from and to, a boolean and arrays. */
const SAMPLE = { n: 1, m: 1, text: 'x', from: '2024-01-01', to: '2024-01-01', yes: true, texts: ['x'], numbers: [1] };
const BASE = mergeFields(NO_COLUMNS, inferFields(SAMPLE));
const CREATED = 'result';

function planned(step: Step): TransformationPlan {
  const rest = { id: 's', name: 's', enabled: true, output: { create: CREATED }, replaceWith: null } as const;
  const base = { sampleColumns: BASE.columns, createdColumns: [], lastKey: BASE.lastKey };
  return planTransformations(base, [{ ...rest, onError: 'REJECT_RECORD', step }]);
}

/** What is wrong with a step on these columns, as designs say it but without the step's name. */
export function faultsOf(step: Step): string[] {
  return planned(step).faults.map(({ message }) => message.replace('step of step "s": ', ''));
}

/** Compiles a step; the function returns its value for a row by column ids, null for none, or the error's message. */
export function compiled(step: Step): (values: Readonly<Record<string, StoredValue>>, savedAt?: Date) => unknown {
  const { steps, created, faults } = planned(step);
  const run = compileSteps(steps);
  const target = created[0]?.storedKey;
  if (!run || target === undefined) throw new Error(`the step has faults: ${faults.map(({ message }) => message)}`);
  return (values, savedAt = new Date(0)) => {
    const entries = BASE.columns.map(({ id, storedKey }) => [storedKey, values[id]]);
    const row: WorkingRow = Object.fromEntries(entries);
    const rejected = run(row, { savedAt });
    return rejected ? rejected.kept[0]?.message.replace('step "s": ', '') : (row[target] ?? null);
  };
}

/** The same of one row. */
export function resultOf(step: Step, values: Readonly<Record<string, StoredValue>>, savedAt?: Date): unknown {
  return compiled(step)(values, savedAt);
}

/** The same of a row with a date; a date is a text without the zeros that end it. */
export function dateResultOf(step: Step, from: string, more: { n?: number; to?: string } = {}): unknown {
  const { n = 0, to = from } = more;
  const result = resultOf(step, { from: new Date(from), to: new Date(to), n });
  return result instanceof Date ? result.toISOString().replace(/(:00)?\.000Z$/, 'Z') : result;
}
