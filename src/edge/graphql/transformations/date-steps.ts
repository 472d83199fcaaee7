import {
  ChangeTimeZoneInput,
  DateDifferenceInput,
  ExtractDatePartInput,
  NowInput,
  ShiftDateInput,
  TruncateDateInput,
} from './date-inputs.js';
import type { StepFields } from './step-fields.js';

/** Steps that compute with dates. */
export const DATE_STEPS = {
  addTime: {
    settings: ShiftDateInput,
    description:
      'Adds an amount of time to a date. If the month lacks the day, the result is its last day: one month after January 31 is February 28 or 29. A result outside the years 0000 to 9999 is an error. Gives DATETIME.',
  },
  subtractTime: {
    settings: ShiftDateInput,
    description:
      'Subtracts an amount of time from a date. If the month lacks the day, the result is its last day: one month before March 31 is February 28 or 29. A result outside the years 0000 to 9999 is an error. Gives DATETIME.',
  },
  dateDifference: {
    settings: DateDifferenceInput,
    description: 'The time from one date to another, negative if the second is earlier. Gives NUMERIC.',
  },
  extractDatePart: {
    settings: ExtractDatePartInput,
    description: 'A part of a date, such as its year or its weekday. Gives NUMERIC.',
  },
  truncateDate: {
    settings: TruncateDateInput,
    description:
      'The start of the year, month, week or other unit that a date is in. A result outside the years 0000 to 9999 is an error. Gives DATETIME.',
  },
  changeTimeZone: {
    settings: ChangeTimeZoneInput,
    description:
      'Shows a date by the clocks of another time zone. A result outside the years 0000 to 9999 is an error. Gives DATETIME.',
  },
  now: {
    settings: NowInput,
    description:
      'The time at which the record was saved: when its push was accepted, also if its rows are made again later. Give {} for the defaults. Gives DATETIME.',
  },
} as const satisfies StepFields;
