import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { DATE_UNITS, type DateUnit } from '../../../domain/transform/date-unit.js';
import { DATE_PARTS, type DatePart } from '../../../domain/transform/steps/extract-date-part.js';
import { columnId } from '../input-bounds.js';
import { asEnum, described } from '../types/enums.js';
import { NumberOperandInput } from './arithmetic-inputs.js';

const ZONE = 'A name of the IANA time zone database, such as Europe/Berlin. The default is UTC.';

const DateUnitNames = asEnum(DATE_UNITS);
registerEnumType(DateUnitNames, {
  name: 'DateUnit',
  description: 'A unit of time. From YEAR to DAY it is one of the calendar, and its length varies.',
  valuesConfig: described<DateUnit>({
    YEAR: 'A year of the calendar.',
    QUARTER: 'Three months, from January, April, July or October.',
    MONTH: 'A month of the calendar.',
    WEEK: 'Seven days, from Monday.',
    DAY: 'A day of the calendar; it has 23 or 25 hours where clocks change.',
    HOUR: '60 minutes.',
    MINUTE: '60 seconds.',
    SECOND: '1,000 milliseconds.',
    MILLISECOND: 'The shortest time that a DATETIME keeps.',
  }),
});

const DatePartNames = asEnum(DATE_PARTS);
registerEnumType(DatePartNames, {
  name: 'DatePart',
  description: 'A part of a date.',
  valuesConfig: described<DatePart>({
    YEAR: 'The year: 2024.',
    QUARTER: 'The quarter of the year, 1 to 4.',
    MONTH: 'The month, 1 to 12.',
    WEEK: 'The week by ISO 8601, 1 to 53: weeks start on Monday, and week 1 has the first Thursday of the year.',
    WEEK_YEAR: 'The year that WEEK belongs to: 2025 for 2024-12-30.',
    DAY: 'The day of the month, 1 to 31.',
    DAY_OF_YEAR: 'The day of the year, 1 to 366.',
    WEEKDAY: 'The day of the week, 1 for Monday to 7 for Sunday.',
    HOUR: 'The hour, 0 to 23.',
    MINUTE: 'The minute, 0 to 59.',
    SECOND: 'The second, 0 to 59.',
    MILLISECOND: 'The millisecond, 0 to 999.',
  }),
});

@InputType({ description: 'A date: the value of a column, or a constant. Give one of the two.' })
class DateOperandInput {
  @columnId()
  @Field(() => ID, { nullable: true, description: 'The id of a DATETIME column.' })
  column?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A constant in ISO 8601, such as 2024-12-31 or 2024-12-31T15:00:00+01:00; UTC without an offset.',
  })
  constant?: string | null;
}

@InputType({ description: 'How to move a date.' })
export class ShiftDateInput {
  @columnId()
  @Field(() => ID, { description: 'The id of a DATETIME column. Null gives null.' })
  column: string;

  @Field(() => NumberOperandInput, {
    description:
      'How many units. Null gives null, and a negative number goes the other way. From YEAR to DAY a number with a fraction is an error; below, the result is rounded to milliseconds.',
  })
  amount: NumberOperandInput;

  @Field(() => DateUnitNames, { description: 'The unit of the amount.' })
  unit: DateUnit;

  @Field(() => String, {
    nullable: true,
    description: `Whose calendar units from YEAR to DAY follow: they keep the time that clocks show there. A time that clocks skip on that day moves on by what they skip, and of one that they show twice it is the first. ${ZONE}`,
  })
  timeZone?: string | null;
}

@InputType({ description: 'How to measure the time between two dates.' })
export class DateDifferenceInput {
  @Field(() => DateOperandInput, { description: 'Where the time begins. Null gives null.' })
  from: DateOperandInput;

  @Field(() => DateOperandInput, {
    description: 'Where it ends. Null gives null. If it is before `from`, the result is negative.',
  })
  to: DateOperandInput;

  @Field(() => DateUnitNames, { description: 'The unit of the result.' })
  unit: DateUnit;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether the part of a unit counts that has passed: 36 hours are 1.5 days. The default is whole units that have passed, cut toward zero: from January 31 to February 28 is a month, and to February 27 none. Truncate both dates first to count the days or months begun.',
  })
  fractional: boolean;

  @Field(() => String, {
    nullable: true,
    description: `Whose calendar units from YEAR to DAY follow: a day passes when clocks there show the same time again. ${ZONE}`,
  })
  timeZone?: string | null;
}

@InputType({ description: 'Which part of a date to give.' })
export class ExtractDatePartInput {
  @columnId()
  @Field(() => ID, { description: 'The id of a DATETIME column. Null gives null.' })
  column: string;

  @Field(() => DatePartNames, { description: 'The part.' })
  part: DatePart;

  @Field(() => String, { nullable: true, description: `Whose calendar and clocks the part is read from. ${ZONE}` })
  timeZone?: string | null;
}

@InputType({ description: 'How to cut a date to the start of a unit.' })
export class TruncateDateInput {
  @columnId()
  @Field(() => ID, { description: 'The id of a DATETIME column. Null gives null.' })
  column: string;

  @Field(() => DateUnitNames, { description: 'The unit.' })
  unit: DateUnit;

  @Field(() => String, {
    nullable: true,
    description: `Whose calendar and clocks the unit starts by. The result is still stored in UTC: the day 2024-07-15 of Europe/Berlin starts at 2024-07-14T22:00Z. If clocks skip the start, it is the moment at which they change. ${ZONE}`,
  })
  timeZone?: string | null;
}

@InputType({
  description:
    'How to move the clock of a date. Dates are stored in UTC; this step takes the stored time as what clocks show in one zone, and stores what clocks in another show at the same moment.',
})
export class ChangeTimeZoneInput {
  @columnId()
  @Field(() => ID, { description: 'The id of a DATETIME column. Null gives null.' })
  column: string;

  @Field(() => String, {
    nullable: true,
    description: `The zone whose clocks the stored time comes from. Use it alone to correct local times that were pushed without an offset: from Europe/Berlin, 12:00Z in July becomes 10:00Z. ${ZONE}`,
  })
  from?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `The zone whose clocks the result shows. Use it alone to see UTC times as local times: to Europe/Berlin, 10:00Z in July becomes 12:00Z. ${ZONE} Give \`from\`, \`to\` or both.`,
  })
  to?: string | null;
}

@InputType({ description: 'How exact the time is that a record was saved.' })
export class NowInput {
  @Field(() => DateUnitNames, {
    defaultValue: 'MILLISECOND',
    description: 'Cuts the time to the start of this unit.',
  })
  truncateTo: DateUnit;

  @Field(() => String, { nullable: true, description: `Whose calendar and clocks the unit starts by. ${ZONE}` })
  timeZone?: string | null;
}
