import type { StoredScalar } from '../design/stored-value.js';
import { compareScalars } from '../query/compare-rows.js';
import { type ArrayInput, type ArrayValue, elementCount } from './array-input.js';
import { StepError } from './step-error.js';
import type { StepInputs } from './step-inputs.js';

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

/** Compiles the positions of the elements in their sorted order. Equal elements keep their order. */
export function sortedPositions(
  { values }: ArrayInput,
  orders: readonly ElementOrder[],
  inputs: StepInputs,
): (array: ArrayValue) => readonly number[] | StepError {
  if (orders.length < 1 || orders.length > MAX_ELEMENT_ORDERS)
    inputs.refuse(`by has ${orders.length} entries; give 1 to ${MAX_ELEMENT_ORDERS}`);
  const keys = orders.map((order, index) => ({ ...order, values: values(order.column, `by[${index}].column`) }));
  return (array) => {
    const ofKeys: (readonly (StoredScalar | null)[])[] = [];
    for (const key of keys) {
      const found = key.values.of(array);
      if (found instanceof StepError) return found;
      ofKeys.push(found);
    }
    const positions = Array.from({ length: elementCount(array) }, (_, position) => position);
    return positions.sort((a, b) => {
      for (const [index, key] of keys.entries()) {
        const order = compared(ofKeys[index]?.[a] ?? null, ofKeys[index]?.[b] ?? null, key);
        if (order !== 0) return order;
      }
      return a - b;
    });
  };
}

function compared(a: StoredScalar | null, b: StoredScalar | null, { direction, nulls }: ElementOrder): number {
  if (a === null && b === null) return 0;
  if (a === null || b === null) return (a === null) === (nulls === 'FIRST') ? -1 : 1;
  return direction === 'ASC' ? compareScalars(a, b) : compareScalars(b, a);
}
