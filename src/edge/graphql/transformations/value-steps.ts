import { ConvertInput, ToDateInput, ToTextInput } from './conversion-inputs.js';
import { CoalesceInput, FormulaInput, IfElseInput } from './logic-inputs.js';
import { LookupInput } from './lookup-inputs.js';
import type { StepFields } from './step-fields.js';

/** Steps that convert, choose or find values. */
export const VALUE_STEPS = {
  toNumber: {
    settings: ConvertInput,
    description:
      'Converts a TEXT, BOOLEAN or NUMERIC column to a number. Text is a decimal such as -1234.5 or 1.5e3, with spaces around it or not; other text, and digits that a number does not keep, are an error. True is 1 and false 0. Blank text gives null. Gives NUMERIC.',
  },
  toText: {
    settings: ToTextInput,
    description:
      'Writes a column of any type as text. Without a format, numbers keep every digit, dates are ISO 8601 in UTC, and arrays, objects and arrays of objects are JSON. A text of more than 1,000,000 characters is an error. Gives TEXT.',
  },
  toDate: {
    settings: ToDateInput,
    description:
      'Reads a date from a TEXT column, or from a NUMERIC one by an epoch format. Text that does not match the format exactly, and days that the calendar does not have, are an error. Blank text gives null. Gives DATETIME.',
  },
  toBoolean: {
    settings: ConvertInput,
    description:
      'Converts a TEXT, NUMERIC or BOOLEAN column to true or false. True: true, t, yes, y, on, 1; false: false, f, no, n, off, 0; in any case. Other values are an error. Blank text gives null. Gives BOOLEAN.',
  },
  ifElse: {
    settings: IfElseInput,
    description:
      'Gives the value of the first branch whose condition matches, else that of `else`. Gives the type of the values.',
  },
  formula: {
    settings: FormulaInput,
    description:
      'Computes a value by a formula. Its types are checked when the design is saved. A value of more than 100,000 characters or 10,000 elements in a column that it reads, a date or number that does not exist, and too much work on one row are errors. Gives the type of the formula.',
  },
  coalesce: {
    settings: CoalesceInput,
    description:
      'Gives the first value that is not null; null if all are. An empty text is not null. Gives the type of the values.',
  },
  lookup: {
    settings: LookupInput,
    description:
      'Gives a column of the record of another dataset that has the given unique identifiers; null if no record has them. It reads what the other dataset holds when the record is loaded: later changes there show after a RELOAD of this dataset. If that record has several rows, it reads the first. Gives the type of the column.',
  },
} as const satisfies StepFields;
