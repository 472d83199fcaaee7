import {
  AggregateArrayInput,
  DistinctArrayInput,
  FilterArrayInput,
  SelectItemInput,
  SortArrayInput,
} from './array-inputs.js';
import type { StepFields } from './step-fields.js';

/** Steps that work on the elements of arrays. */
export const ARRAY_STEPS = {
  filterArray: {
    settings: FilterArrayInput,
    description:
      'Keeps the elements of an array that satisfy a condition. The result of an array of objects can only update that array. Gives the type of the array.',
  },
  selectItem: {
    settings: SelectItemInput,
    description:
      'Takes the first or last element of an array, in its order or sorted. Null if the array is empty. Gives the type of the element, or of the column inside the array.',
  },
  aggregateArray: {
    settings: AggregateArrayInput,
    description:
      'Computes one value from the elements of an array, such as their number or sum. Gives the type that the function says.',
  },
  distinctArray: {
    settings: DistinctArrayInput,
    description:
      'Keeps the first of equal elements of an array. The result of an array of objects can only update that array. Gives the type of the array.',
  },
  sortArray: {
    settings: SortArrayInput,
    description:
      'Sorts the elements of an array. The result of an array of objects can only update that array. Gives the type of the array.',
  },
} as const satisfies StepFields;
