import { Field, ID, InputType } from 'type-graphql';
import { columnId } from '../input-bounds.js';

const ZONE = 'A name of the IANA time zone database, such as Europe/Berlin. The default is UTC.';

@InputType({ description: 'The column that a step converts.' })
export class ConvertInput {
  @columnId()
  @Field(() => ID, { description: 'The id of the column. Null gives null.' })
  column: string;
}

@InputType({ description: 'How a step writes a column as text.' })
export class ToTextInput {
  @columnId()
  @Field(() => ID, { description: 'The id of the column. Null gives null.' })
  column: string;

  @Field(() => String, {
    nullable: true,
    description:
      'For a NUMERIC column, a pattern such as 0.00, #,##0.00, 0.## or 0%. Before the point, write 0 for each digit that is always shown, and #,## in front for commas between thousands. After the point, write 0 for each decimal that is always shown, and # for each that is shown unless it is zero. A % at the end shows percent. Halves are rounded away from zero. For a DATETIME column: the tokens YYYY YY MMMM MMM MM M DD D dddd ddd HH H hh h mm m ss s SSS A Z, text in [brackets], and characters that are not letters: DD.MM.YYYY, MMMM YYYY. Names are English; Z is the offset from UTC, such as +02:00.',
  })
  format?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `The time zone in which the format shows a DATETIME. ${ZONE}`,
  })
  timeZone?: string | null;
}

@InputType({ description: 'How a step reads dates.' })
export class ToDateInput {
  @columnId()
  @Field(() => ID, { description: 'The id of a TEXT or NUMERIC column. Null gives null.' })
  column: string;

  @Field(() => String, {
    nullable: true,
    description:
      'How the texts spell dates, as in Column.inputFormat: tokens such as DD.MM.YYYY HH:mm, RFC_2822, or an epoch format (EPOCH_SECONDS, EPOCH_MILLISECONDS, EPOCH_MICROSECONDS, EPOCH_NANOSECONDS), which a NUMERIC column needs. The default is ISO 8601.',
  })
  format?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `The time zone of dates without an offset; refused with a format that always gives one. ${ZONE}`,
  })
  timeZone?: string | null;
}
