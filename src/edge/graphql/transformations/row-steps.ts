import { CopyRecordInput, FlattenInput, RemoveColumnInput, RemoveRecordInput } from './row-inputs.js';
import type { StepFields } from './step-fields.js';

/** Steps that change rows and columns. */
export const ROW_STEPS = {
  flatten: {
    settings: FlattenInput,
    description:
      'Gives one row for each element of an array. For an array of objects, the columns inside it, such as `items.sku`, get values in the rows; leave the output out. For an array of other values, the created column gets the element. A record has at most 10,000 rows.',
  },
  removeRecord: {
    settings: RemoveRecordInput,
    description:
      'Removes the rows that match a condition. After a flatten, each row of a record is looked at by itself. A record without rows is not in the dataset, but a later upsert or design can bring it back. Gives no value: leave the output out.',
  },
  copyRecord: {
    settings: CopyRecordInput,
    description:
      'Gives a second row for each row, or for those that match a condition. The output may be left out, or create a BOOLEAN column: true in copies, false in other rows. Give {} to copy all.',
  },
  removeColumn: {
    settings: RemoveColumnInput,
    description:
      'Removes a column from the rows, after earlier steps have read it. It must not be a unique identifier. Gives no value: leave the output out.',
  },
} as const satisfies StepFields;
