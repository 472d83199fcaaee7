import { columnsById } from '../../src/domain/design/column-pointer.js';
import { mergeFields, NO_COLUMNS } from '../../src/domain/design/design-from-fields.js';
import type { StoredValue } from '../../src/domain/design/stored-value.js';
import type { JsonValue } from '../../src/domain/json/json-value.js';
import { inferFields } from '../../src/domain/sample/infer-fields.js';
import { StepError } from '../../src/domain/transform/step-error.js';
import { StepInputs } from '../../src/domain/transform/step-inputs.js';
import { planStep, type StepName, type StepSettings } from '../../src/domain/transform/step-kinds.js';
import type { WorkingRow } from '../../src/domain/transform/working-row.js';

/** Plans a step on the columns of a sample. `of` computes it for values by column ids; an error comes out as `{ error: message }`. */
export function plannedStep<K extends StepName>(kind: K, settings: StepSettings[K], sample: JsonValue) {
  const { columns } = mergeFields(NO_COLUMNS, inferFields(sample));
  const byId = columnsById(columns);
  const inputs = new StepInputs(byId, () => 'no column has this id');
  const { type, compute } = planStep<K>({ kind, settings }, inputs);
  return {
    type,
    faults: inputs.faults,
    of(values: Readonly<Record<string, StoredValue | null>>) {
      const row: WorkingRow = {};
      for (const [id, value] of Object.entries(values)) {
        const column = byId.get(id);
        if (!column) throw new Error(`the sample has no column ${id}`);
        row[column.storedKey] = value ?? undefined;
      }
      const result = compute(row, { savedAt: new Date(0) });
      return result instanceof StepError ? { error: result.message } : result;
    },
  };
}
