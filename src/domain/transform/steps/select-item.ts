import { arrayInput, elementCount } from '../array-input.js';
import { type ElementOrder, sortedPositions } from '../element-order.js';
import { StepError } from '../step-error.js';
import type { StepKind } from '../step-kind.js';

export const ITEM_PLACES = ['FIRST', 'LAST'] as const;
export type ItemPlace = (typeof ITEM_PLACES)[number];

/** Takes the first or last element of an array, as it is or sorted. */
export interface SelectItemStep {
  readonly column: string;
  readonly item: ItemPlace;
  readonly orderBy?: readonly ElementOrder[] | undefined;
  /** Of an array of objects: the column inside it whose value is taken. */
  readonly take?: string | undefined;
}

export const selectItem: StepKind<SelectItemStep> = {
  plan({ column, item, orderBy, take }, inputs) {
    const input = arrayInput(column, inputs);
    const values = input.values(take, 'take');
    const positionsOf = orderBy && sortedPositions(input, orderBy, inputs);
    return {
      type: values.type,
      compute(row, context) {
        const array = input.read(row, context);
        if (array === null) return null;
        const place = item === 'FIRST' ? 0 : elementCount(array) - 1;
        const positions = positionsOf?.(array, context.work);
        if (positions instanceof StepError) return positions;
        const found = values.of(array, context.work);
        return found instanceof StepError ? found : (found[positions ? (positions[place] ?? -1) : place] ?? null);
      },
    };
  },
};
