import { Field, InputType } from 'type-graphql';
import { OperandsInput } from './arithmetic-inputs.js';
import { ConvertInput, ToDateInput, ToTextInput } from './conversion-inputs.js';
import {
  ChangeTimeZoneInput,
  DateDifferenceInput,
  ExtractDatePartInput,
  NowInput,
  ShiftDateInput,
  TruncateDateInput,
} from './date-inputs.js';
import { CoalesceInput, FormulaInput, IfElseInput } from './logic-inputs.js';
import { LookupInput } from './lookup-inputs.js';
import { LogInput, NumberColumnInput, PowerInput, RoundInput } from './number-inputs.js';
import { HashInput, MaskInput } from './personal-data-inputs.js';
import { ExtractTextInput, ReplaceTextInput } from './regex-inputs.js';
import {
  ConcatenateInput,
  SplitInput,
  SubstringInput,
  TemplateInput,
  TextColumnInput,
  TrimInput,
} from './text-inputs.js';

const NULLABLE = { nullable: true } as const;

/** The steps that give a value for each row. */
@InputType()
export abstract class ValueStepFields {
  @Field(() => OperandsInput, { ...NULLABLE, description: 'Adds numbers. Gives NUMERIC.' })
  add?: OperandsInput | null;

  @Field(() => OperandsInput, {
    ...NULLABLE,
    description: 'Subtracts all other numbers from the first. Gives NUMERIC.',
  })
  subtract?: OperandsInput | null;

  @Field(() => OperandsInput, { ...NULLABLE, description: 'Multiplies numbers. Gives NUMERIC.' })
  multiply?: OperandsInput | null;

  @Field(() => OperandsInput, {
    ...NULLABLE,
    description: 'Divides the first number by all others. Division by zero is an error. Gives NUMERIC.',
  })
  divide?: OperandsInput | null;

  @Field(() => OperandsInput, {
    ...NULLABLE,
    description:
      'The remainder of the first number divided by the others; it has the sign of the first. A divisor of zero is an error. Gives NUMERIC.',
  })
  modulo?: OperandsInput | null;

  @Field(() => RoundInput, {
    ...NULLABLE,
    description: 'Rounds a number to a number of decimals. Gives NUMERIC.',
  })
  round?: RoundInput | null;

  @Field(() => NumberColumnInput, {
    ...NULLABLE,
    description:
      'The largest whole number that is not above the number: 1.5 gives 1, and -1.5 gives -2. Gives NUMERIC.',
  })
  floor?: NumberColumnInput | null;

  @Field(() => NumberColumnInput, {
    ...NULLABLE,
    description:
      'The smallest whole number that is not below the number: 1.5 gives 2, and -1.5 gives -1. Gives NUMERIC.',
  })
  ceil?: NumberColumnInput | null;

  @Field(() => NumberColumnInput, {
    ...NULLABLE,
    description: 'The number without its sign. Gives NUMERIC.',
  })
  absolute?: NumberColumnInput | null;

  @Field(() => NumberColumnInput, {
    ...NULLABLE,
    description: 'The natural logarithm of the number. Zero or less is an error. Gives NUMERIC.',
  })
  ln?: NumberColumnInput | null;

  @Field(() => LogInput, {
    ...NULLABLE,
    description: 'The logarithm of a number to a base. Zero or less is an error. Gives NUMERIC.',
  })
  log?: LogInput | null;

  @Field(() => PowerInput, {
    ...NULLABLE,
    description: 'Raises a number to a power. Gives NUMERIC.',
  })
  power?: PowerInput | null;

  @Field(() => ConcatenateInput, {
    ...NULLABLE,
    description: 'Joins columns and constants with a separator. Gives TEXT.',
  })
  concatenate?: ConcatenateInput | null;

  @Field(() => TextColumnInput, {
    ...NULLABLE,
    description: 'Converts a text to lower case, by the rules of Unicode that do not depend on a language. Gives TEXT.',
  })
  lowercase?: TextColumnInput | null;

  @Field(() => TextColumnInput, {
    ...NULLABLE,
    description:
      'Converts a text to upper case, by the rules of Unicode that do not depend on a language: ß becomes SS. Gives TEXT.',
  })
  uppercase?: TextColumnInput | null;

  @Field(() => TrimInput, {
    ...NULLABLE,
    description: 'Removes white space or chosen characters from the ends of a text. Gives TEXT.',
  })
  trim?: TrimInput | null;

  @Field(() => SubstringInput, { ...NULLABLE, description: 'Takes a part of a text by its position. Gives TEXT.' })
  substring?: SubstringInput | null;

  @Field(() => SplitInput, {
    ...NULLABLE,
    description: 'Splits a text at a separator. Gives TEXT_ARRAY, or TEXT if one part is asked for.',
  })
  split?: SplitInput | null;

  @Field(() => ReplaceTextInput, {
    ...NULLABLE,
    description: 'Replaces every occurrence of a text, or every match of a regular expression. Gives TEXT.',
  })
  replaceText?: ReplaceTextInput | null;

  @Field(() => ExtractTextInput, {
    ...NULLABLE,
    description:
      'Takes the first match of a regular expression, or a group of that match. If nothing matches, the result is null. Gives TEXT.',
  })
  extractText?: ExtractTextInput | null;

  @Field(() => TemplateInput, { ...NULLABLE, description: 'Fills the values of columns into a text. Gives TEXT.' })
  template?: TemplateInput | null;

  @Field(() => HashInput, {
    ...NULLABLE,
    description: 'Replaces a value by its SHA-256 hash, with a secret salt if you give one. Gives TEXT.',
  })
  hash?: HashInput | null;

  @Field(() => MaskInput, {
    ...NULLABLE,
    description: 'Masks personal data: replaces the characters of a text, except some at its ends. Gives TEXT.',
  })
  mask?: MaskInput | null;

  @Field(() => ShiftDateInput, {
    ...NULLABLE,
    description:
      'Adds an amount of time to a date. If the month lacks the day, the result is its last day: one month after January 31 is February 28 or 29. A result outside the years 0000 to 9999 is an error. Gives DATETIME.',
  })
  addTime?: ShiftDateInput | null;

  @Field(() => ShiftDateInput, {
    ...NULLABLE,
    description:
      'Subtracts an amount of time from a date. If the month lacks the day, the result is its last day: one month before March 31 is February 28 or 29. A result outside the years 0000 to 9999 is an error. Gives DATETIME.',
  })
  subtractTime?: ShiftDateInput | null;

  @Field(() => DateDifferenceInput, {
    ...NULLABLE,
    description: 'The time from one date to another, negative if the second is earlier. Gives NUMERIC.',
  })
  dateDifference?: DateDifferenceInput | null;

  @Field(() => ExtractDatePartInput, {
    ...NULLABLE,
    description: 'A part of a date, such as its year or its weekday. Gives NUMERIC.',
  })
  extractDatePart?: ExtractDatePartInput | null;

  @Field(() => TruncateDateInput, {
    ...NULLABLE,
    description:
      'The start of the year, month, week or other unit that a date is in. A result outside the years 0000 to 9999 is an error. Gives DATETIME.',
  })
  truncateDate?: TruncateDateInput | null;

  @Field(() => ChangeTimeZoneInput, {
    ...NULLABLE,
    description:
      'Shows a date by the clocks of another time zone. A result outside the years 0000 to 9999 is an error. Gives DATETIME.',
  })
  changeTimeZone?: ChangeTimeZoneInput | null;

  @Field(() => NowInput, {
    ...NULLABLE,
    description:
      'The time at which the record was saved: when its push was accepted, also if its rows are made again later. Give {} for the defaults. Gives DATETIME.',
  })
  now?: NowInput | null;

  @Field(() => ConvertInput, {
    ...NULLABLE,
    description:
      'Converts a TEXT, BOOLEAN or NUMERIC column to a number. Text is a decimal such as -1234.5 or 1.5e3, with spaces around it or not; other text, and digits that a number does not keep, are an error. True is 1 and false 0. Blank text gives null. Gives NUMERIC.',
  })
  toNumber?: ConvertInput | null;

  @Field(() => ToTextInput, {
    ...NULLABLE,
    description:
      'Writes a column of any type as text. Without a format, numbers keep every digit, dates are ISO 8601 in UTC, and arrays, objects and arrays of objects are JSON. A text of more than 1,000,000 characters is an error. Gives TEXT.',
  })
  toText?: ToTextInput | null;

  @Field(() => ToDateInput, {
    ...NULLABLE,
    description:
      'Reads a date from a TEXT column, or from a NUMERIC one by an epoch format. Text that does not match the format exactly, and days that the calendar does not have, are an error. Blank text gives null. Gives DATETIME.',
  })
  toDate?: ToDateInput | null;

  @Field(() => ConvertInput, {
    ...NULLABLE,
    description:
      'Converts a TEXT, NUMERIC or BOOLEAN column to true or false. True: true, t, yes, y, on, 1; false: false, f, no, n, off, 0; in any case. Other values are an error. Blank text gives null. Gives BOOLEAN.',
  })
  toBoolean?: ConvertInput | null;

  @Field(() => IfElseInput, {
    ...NULLABLE,
    description:
      'Gives the value of the first branch whose condition matches, else that of `else`. Gives the type of the values.',
  })
  ifElse?: IfElseInput | null;

  @Field(() => FormulaInput, {
    ...NULLABLE,
    description:
      'Computes a value by a formula. Its types are checked when the design is saved. A value of more than 100,000 characters or 10,000 elements in a column that it reads, a date or number that does not exist, and too much work on one row are errors. Gives the type of the formula.',
  })
  formula?: FormulaInput | null;

  @Field(() => CoalesceInput, {
    ...NULLABLE,
    description:
      'Gives the first value that is not null; null if all are. An empty text is not null. Gives the type of the values.',
  })
  coalesce?: CoalesceInput | null;

  @Field(() => LookupInput, {
    ...NULLABLE,
    description:
      'Gives a column of the record of another dataset that has the given unique identifiers; null if there is none. It reads what the other dataset holds when the record is loaded: later changes there show after a RELOAD of this dataset. If that record has several rows, it reads the first. Gives the type of the column.',
  })
  lookup?: LookupInput | null;
}
