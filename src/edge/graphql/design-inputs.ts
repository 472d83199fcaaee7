import { Field, ID, InputType, Int } from 'type-graphql';
import type { MismatchPolicy, MissingFields, UnknownFields } from '../../domain/design/design.js';
import type { ColumnType as ColumnTypeName } from '../../domain/sample/source-field.js';
import { ColumnType, MismatchPolicyNames, MissingFieldsNames, UnknownFieldsNames } from './types/enums.js';

@InputType({ description: 'A link of every record, with `{{column id}}` tokens; a } in an id is written \\}.' })
class ColumnLinkInput {
  @Field({
    description:
      'Begins with http:// or https:// and a host, without a user, or with mailto:, written out; tokens come after that. Spaces and control characters are percent-encoded; so are values.',
  })
  url: string;

  @Field(() => String, { nullable: true, description: 'The text to show; the URL itself by default.' })
  title?: string | null;
}

@InputType({ description: 'Changes to one column. What is absent stays; null goes back to the default.' })
class ColumnPatchInput {
  @Field(() => ID, { description: 'The column.' })
  id: string;

  @Field(() => String, {
    nullable: true,
    description: 'For people: any text, unique in the dataset. The path by default.',
  })
  name?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether its values are loaded. True by default, where it can be.',
  })
  enabled?: boolean | null;

  @Field(() => ColumnType, {
    nullable: true,
    description:
      "The type of its values. The source field's by default; TEXT can become NUMERIC, BOOLEAN or DATETIME, NUMERIC can become TEXT, BOOLEAN (1 and 0) or DATETIME (by an epoch format), BOOLEAN can become TEXT or NUMERIC, DATETIME can become TEXT; arrays likewise. A column that is made TEXT takes any scalar. A column of which the sample shows no value can become any scalar type or array of scalars; the stored records then have to fit: see tryChanges. Blank text becomes null.",
  })
  type?: ColumnTypeName | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it takes any value and keeps it as text, objects and arrays as JSON text; its type is then TEXT, what is inside it has no columns of its own, and it cannot be a unique identifier, have a security name or be used in a link. By default true where the sample shows no value, and false otherwise. Giving a type makes it false.',
  })
  undetermined?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'How its values spell dates: a pattern such as DD/MM/YYYY or MM/DD/YYYY HH:mm:ss of YYYY YY MMMM MMM MM M DD D dddd ddd HH H hh h mm m ss s SSS A Z and text in [brackets]; or RFC_2822, EPOCH_SECONDS, EPOCH_MILLISECONDS, EPOCH_MICROSECONDS or EPOCH_NANOSECONDS. ISO 8601 by default; never guessed.',
  })
  inputFormat?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The time zone of its dates without an offset: a name of the IANA database, such as Europe/Berlin. UTC by default. A time that clocks skip in spring counts on by the offset before the change (02:30 is 03:30); of one that they show twice in autumn it is the first.',
  })
  inputTimeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'How screens may show dates (tokens as in inputFormat) or numbers. Stored and handed out; values stay as they are.',
  })
  displayFormat?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it is part of what makes a record the same as a stored one. TEXT, NUMERIC, BOOLEAN and DATETIME can be. False by default.',
  })
  uniqueIdentifier?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name by which permissions restrict rows to values of this column; unique in the dataset.',
  })
  securityName?: string | null;

  @Field(() => ColumnLinkInput, { nullable: true, description: 'A link of every record.' })
  link?: ColumnLinkInput | null;
}

@InputType({ description: 'Changes to the draft of a design. What is absent stays.' })
export class UpdateDesignInput {
  @Field(() => Int, { description: 'The revision of the draft that the changes are made for.' })
  expectedRevision: number;

  @Field(() => [ColumnPatchInput], { nullable: true, description: 'Changes to columns, each named once.' })
  columns?: ColumnPatchInput[] | null;

  @Field(() => MismatchPolicyNames, {
    nullable: true,
    description: 'What becomes of a push with records that do not fit.',
  })
  mismatchPolicy?: MismatchPolicy | null;

  @Field(() => MissingFieldsNames, { nullable: true, description: 'What a key left out is.' })
  missingFields?: MissingFields | null;

  @Field(() => UnknownFieldsNames, { nullable: true, description: 'What a key that the sample does not have is.' })
  unknownFields?: UnknownFields | null;
}
