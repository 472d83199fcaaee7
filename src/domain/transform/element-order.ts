import type { StoredScalar } from '../design/stored-value.js';
import { compareScalars } from '../query/compare-rows.js';
import { type ArrayInput, type ArrayValue, elementCount } from './array-input.js';
import { StepError } from './step-error.js';
import type { StepInputs } from './step-inputs.js';
import type { WorkMeter } from './work-meter.js';

export const SORT_DIRECTIONS = ['ASC', 'DESC'] as const;
export type SortDirection = (typeof SORT_DIRECTIONS)[number];
export const NULL_PLACES = ['FIRST', 'LAST'] as const;
/** Where null elements are in a sorted array, in both directions. */
export type NullPlace = (typeof NULL_PLACES)[number];

/** One value by which elements are sorted: of objects that of a column inside the array, otherwise the element. */
export interface ElementOrder {
  readonly column?: string | undefined;
  readonly direction: SortDirection;
  readonly nulls: NullPlace;
}

const MAX_ELEMENT_ORDERS = 10;
/** What comparing two elements costs, in units of work. */
const WORK_OF_COMPARISON = 25;

/** Compiles the positions of the elements in their sorted order. Equal elements keep their order. */
export function sortedPositions(
  { values }: ArrayInput,
  orders: readonly ElementOrder[],
  inputs: StepInputs,
): (array: ArrayValue, work: WorkMeter) => readonly number[] | StepError {
  if (orders.length < 1 || orders.length > MAX_ELEMENT_ORDERS)
    inputs.refuse(`orderBy has ${orders.length} entries; give 1 to ${MAX_ELEMENT_ORDERS}`);
  const keys = orders.map((order, index) => ({ ...order, values: values(order.column, `orderBy[${index}].column`) }));
  return (array, work) => {
    const comparisons: Compare[] = [];
    for (const key of keys) {
      const found = key.values.of(array, work);
      if (found instanceof StepError) return found;
      comparisons.push(comparing(found, key));
    }
    const count = elementCount(array);
    work.spend(WORK_OF_COMPARISON * count * Math.log2(count + 1));
    const positions = Array.from({ length: count }, (_, position) => position);
    return positions.sort((a, b) => {
      for (const compare of comparisons) {
        const order = compare(a, b);
        if (order !== 0) return order;
      }
      return a - b;
    });
  };
}

/** Compares the elements at two positions. */
type Compare = (a: number, b: number) => number;

function comparing(values: readonly (StoredScalar | null)[], { direction, nulls }: ElementOrder): Compare {
  const sign = direction === 'ASC' ? 1 : -1;
  const ofNull = nulls === 'FIRST' ? -1 : 1;
  return (a, b) => {
    const one = values[a] ?? null;
    const other = values[b] ?? null;
    if (one !== null && other !== null) return sign * compareScalars(one, other);
    if (one === other) return 0;
    return one === null ? ofNull : -ofNull;
  };
}
