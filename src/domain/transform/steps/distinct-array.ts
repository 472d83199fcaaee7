import { ObjectArray } from '../../design/object-array.js';
import type { StoredScalar } from '../../design/stored-value.js';
import { canonicalJson } from '../../json/canonical-json.js';
import { type ArrayInput, type ArrayValue, arrayInput, picked } from '../array-input.js';
import { StepError } from '../step-error.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind } from '../step-kind.js';
import { textForm } from '../text-form.js';
import type { WorkMeter } from '../work-meter.js';

/** Keeps the first of equal elements of an array. */
export interface DistinctArrayStep {
  readonly column: string;
  /** Of an array of objects: the columns inside it that are compared; the whole objects if it is left out. */
  readonly by?: readonly string[] | undefined;
}

const MAX_COMPARED_COLUMNS = 20;
/** What adding a value to a key costs, in units of work. */
const WORK_OF_KEY = 40;

export const distinctArray: StepKind<DistinctArrayStep> = {
  plan({ column, by }, inputs) {
    const input = arrayInput(column, inputs);
    const keysOf = by === undefined && input.type === 'OBJECT_ARRAY' ? keysOfObjects : keysBy(by, input, inputs);
    return {
      type: input.type,
      onlyInto: input.onlyInto,
      compute(row, context) {
        const array = input.read(row, context);
        if (array === null) return null;
        const keys = keysOf(array, context.work);
        if (keys instanceof StepError) return keys;
        const seen = new Set<string>();
        return picked(
          array,
          keys.flatMap((key, position) => {
            if (seen.has(key)) return [];
            seen.add(key);
            return [position];
          }),
        );
      },
    };
  },
};

/** Equal for equal elements only. */
type KeysOf = (array: ArrayValue, work: WorkMeter) => readonly string[] | StepError;

const keysOfObjects: KeysOf = (array) => (array instanceof ObjectArray ? array.elements.map(canonicalJson) : []);

function keysBy(by: readonly string[] | undefined, { values }: ArrayInput, inputs: StepInputs): KeysOf {
  if (by && (by.length < 1 || by.length > MAX_COMPARED_COLUMNS))
    inputs.refuse(`by has ${by.length} entries; give 1 to ${MAX_COMPARED_COLUMNS}`);
  const columns = (by ?? [undefined]).map((id, index) => values(id, `by[${index}]`));
  return (array, work) => {
    let keys: string[] | undefined;
    for (const { of } of columns) {
      const found = of(array, work);
      if (found instanceof StepError) return found;
      work.spend(WORK_OF_KEY * found.length);
      keys = found.map((value, position) => `${keys?.[position] ?? ''}${keyOf(value)}`);
    }
    return keys ?? [];
  };
}

/** With its length, so that the keys of several values cannot be confused. All values of a column have one type. */
function keyOf(value: StoredScalar | null): string {
  if (value === null) return '-';
  const text = textForm(value);
  return `${text.length}:${text}`;
}
