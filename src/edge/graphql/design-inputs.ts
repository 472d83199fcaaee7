import { Field, ID, InputType, Int } from 'type-graphql';
import type { MismatchPolicy, MissingFields, UnknownFields } from '../../domain/design/design.js';
import type { ColumnType as ColumnTypeName } from '../../domain/sample/source-field.js';
import { columnId, mostElements } from './input-bounds.js';
import { GeolocationInput } from './transformations/geolocation-inputs.js';
import { TransformationInput } from './transformations/transformation-inputs.js';
import { ColumnType, MismatchPolicyNames, MissingFieldsNames, UnknownFieldsNames } from './types/enums.js';

@InputType({
  description:
    'The templates from which every record gets a link, with `{{column id}}` tokens. Write a } in an id as \\}.',
})
class ColumnLinkInput {
  @Field({
    description:
      'Starts with http:// or https:// and a host, without a user name, or with mailto:. Tokens may come after mailto:, or after a / ? or # that follows the host. Write spaces and control characters percent-encoded; the values of tokens are encoded for you.',
  })
  url: string;

  @Field(() => String, { nullable: true, description: 'The text to show; the URL itself by default.' })
  title?: string | null;
}

@InputType({
  description: 'Changes to one column. A setting that is left out does not change; null resets it to the default.',
})
export class ColumnPatchInput {
  @columnId()
  @Field(() => ID, { description: 'The id of the column.' })
  id: string;

  @Field(() => String, {
    nullable: true,
    description: 'A display name: any text, unique in the dataset. The default is the path.',
  })
  name?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether its values are loaded and can be queried. The default is true for every column that can be enabled.',
  })
  enabled?: boolean | null;

  @Field(() => ColumnType, {
    nullable: true,
    description:
      'The type of its values. The default is the type of the source field. TEXT can become NUMERIC, BOOLEAN or DATETIME; NUMERIC can become TEXT, BOOLEAN (1 and 0) or DATETIME (with an epoch format); BOOLEAN can become TEXT or NUMERIC; DATETIME can become TEXT; the same holds for arrays. A column that is changed to TEXT takes any scalar. A column without a value in the sample can become any scalar type or an array of scalars, and the stored records then have to fit: see tryChanges. When text is converted to another type, blank text becomes null.',
  })
  type?: ColumnTypeName | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it takes any value and stores it as text; objects and arrays are stored as JSON text. Its type is then TEXT, there are no columns for what is inside it, and it cannot be a unique identifier, have a security name or be used in a link. The default is true if the sample shows no value for it, and false otherwise. Setting a type makes it false.',
  })
  undetermined?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The format of the dates in its values: RFC_2822, EPOCH_SECONDS, EPOCH_MILLISECONDS, EPOCH_MICROSECONDS, EPOCH_NANOSECONDS, or a pattern such as DD/MM/YYYY or MM/DD/YYYY HH:mm:ss. A pattern is made of YYYY YY MMMM MMM MM M DD D dddd ddd HH H hh h mm m ss s SSS A Z and text in [brackets]. The default is ISO 8601; the format is never guessed.',
  })
  inputFormat?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The time zone of its dates that have no offset: a name from the IANA database, such as Europe/Berlin. The default is UTC. A local time that clocks skip in spring is read with the offset before the change (02:30 is 03:30). A local time that clocks show twice in autumn is the first of the two.',
  })
  inputTimeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A format for user interfaces to show dates (tokens as in inputFormat) or numbers in. Sluice stores it and returns it, and does not change values by it.',
  })
  displayFormat?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether its value identifies a record. Records with the same values in all unique identifiers are the same record. TEXT, NUMERIC, BOOLEAN and DATETIME columns can be unique identifiers. The default is false.',
  })
  uniqueIdentifier?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether filters by it, also those of permissions, are fast in MongoDB, where it costs an index. Elasticsearch is fast by every column. For TEXT, NUMERIC, BOOLEAN and DATETIME, at most 40 columns of a dataset. Applying a change rebuilds the stored rows. The default is false.',
  })
  indexed?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The name that permissions use to restrict rows to certain values of this column; unique in the dataset.',
  })
  securityName?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether only API keys with the scope MANAGE see its values. For all other callers, the column does not exist, and job errors never show its values. What is inside a sensitive column, and an object that contains one, is sensitive too. It cannot be a unique identifier. The default is false.',
  })
  sensitive?: boolean | null;

  @Field(() => ColumnLinkInput, { nullable: true, description: 'The templates from which every record gets a link.' })
  link?: ColumnLinkInput | null;
}

/** As many as a design can have columns, with those that its transformations create. */
const MAX_PATCHES = 6_000;

const PATCHES = 'Changes to columns; name each column once.';

@InputType({ description: 'Changes to a design. What is left out does not change.' })
export class DesignEditInput {
  @mostElements(MAX_PATCHES)
  @Field(() => [ColumnPatchInput], { nullable: true, description: PATCHES })
  columns?: ColumnPatchInput[] | null;

  @Field(() => [TransformationInput], {
    nullable: true,
    description:
      'The whole list of transformations, in their order: each sees what the ones before it made. They run on every record, after its values are converted to the types of the columns. Applying a change of the list rebuilds the stored rows.',
  })
  transformations?: TransformationInput[] | null;

  @Field(() => [GeolocationInput], {
    nullable: true,
    description:
      'The whole list of geolocations. They run on every row after the transformations, and each creates a column of points. Applying a change of the list rebuilds the stored rows.',
  })
  geolocations?: GeolocationInput[] | null;

  @Field(() => MismatchPolicyNames, {
    nullable: true,
    description: 'What happens to a push that contains records that do not fit.',
  })
  mismatchPolicy?: MismatchPolicy | null;

  @Field(() => MissingFieldsNames, {
    nullable: true,
    description: 'How to treat a record that lacks a key of the sample.',
  })
  missingFields?: MissingFields | null;

  @Field(() => UnknownFieldsNames, {
    nullable: true,
    description: 'How to treat a record with a key that the sample does not have.',
  })
  unknownFields?: UnknownFields | null;
}

@InputType({ description: 'Changes to the draft of a design. What is left out does not change.' })
export class UpdateDesignInput extends DesignEditInput {
  // TypeGraphQL does not inherit the bound of a field.
  @mostElements(MAX_PATCHES)
  @Field(() => [ColumnPatchInput], { nullable: true, description: PATCHES })
  override columns?: ColumnPatchInput[] | null;

  @Field(() => Int, {
    description: 'The revision of the draft that you read before you made these changes: Dataset.design.revision.',
  })
  expectedRevision: number;
}
