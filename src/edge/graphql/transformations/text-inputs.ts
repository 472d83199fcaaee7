import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { NULL_HANDLINGS, type NullHandling } from '../../../domain/transform/steps/concatenate.js';
import { TEMPLATE_NULLS, type TemplateNulls } from '../../../domain/transform/steps/template.js';
import { TRIM_SIDES, type TrimSide } from '../../../domain/transform/steps/trim.js';
import { columnId } from '../input-bounds.js';
import { asEnum, described } from '../types/enums.js';

export const TEXT_COLUMN = 'The id of a TEXT column. If its value is null, the result is null.';

const TrimSideNames = asEnum(TRIM_SIDES);
registerEnumType(TrimSideNames, {
  name: 'TrimSide',
  description: 'Which end of a text.',
  valuesConfig: described<TrimSide>({ BOTH: 'Both ends.', START: 'The beginning only.', END: 'The end only.' }),
});

const NullHandlingNames = asEnum(NULL_HANDLINGS);
registerEnumType(NullHandlingNames, {
  name: 'NullHandling',
  description: 'What null values do to the result.',
  valuesConfig: described<NullHandling>({
    SKIP: 'They are left out, together with their separator. If all values are null, the result is null.',
    AS_EMPTY: 'They count as empty texts, and keep their separator.',
    NULL_RESULT: 'If one value is null, the result is null.',
  }),
});

const TemplateNullsNames = asEnum(TEMPLATE_NULLS);
registerEnumType(TemplateNullsNames, {
  name: 'TemplateNulls',
  description: 'What null values do to a filled-in template.',
  valuesConfig: described<TemplateNulls>({
    AS_EMPTY: 'They count as empty texts.',
    NULL_RESULT: 'If one value is null, the result is null.',
  }),
});

@InputType({ description: 'The text that a step takes.' })
export class TextColumnInput {
  @columnId()
  @Field(() => ID, { description: TEXT_COLUMN })
  column: string;
}

@InputType({ description: 'How to trim a text.' })
export class TrimInput {
  @columnId()
  @Field(() => ID, { description: TEXT_COLUMN })
  column: string;

  @Field(() => TrimSideNames, { defaultValue: 'BOTH', description: 'Which end to trim.' })
  side: TrimSide;

  @Field(() => String, {
    nullable: true,
    description:
      'The characters to remove, each on its own and in any order: `"()"` removes brackets. 1 to 100. The default is white space: spaces, tabs, line breaks, and the other spaces of Unicode.',
  })
  characters?: string | null;
}

@InputType({ description: 'A text: the value of a column, or a constant. Give one of the two.' })
export class TextOperandInput {
  @columnId()
  @Field(() => ID, {
    nullable: true,
    description:
      'The id of a TEXT, NUMERIC, BOOLEAN or DATETIME column. A number is written as in JSON (1.5), a boolean as true or false, a date as 2024-02-29T12:30:00.000Z. To write numbers and dates in other ways, convert them to text in a step before.',
  })
  column?: string | null;

  @Field(() => String, { nullable: true, description: 'A constant of at most 10,000 characters.' })
  constant?: string | null;
}

@InputType({ description: 'Texts to join, with a separator.' })
export class ConcatenateInput {
  @Field(() => [TextOperandInput], { description: '1 to 100 columns and constants, in their order.' })
  values: TextOperandInput[];

  @Field({ defaultValue: '', description: 'What to put between two values; at most 10,000 characters.' })
  separator: string;

  @Field(() => NullHandlingNames, { defaultValue: 'SKIP', description: 'What null values do to the result.' })
  nulls: NullHandling;
}

@InputType({
  description: 'Which part of a text to take. A character is a Unicode code point, so an emoji counts as one.',
})
export class SubstringInput {
  @columnId()
  @Field(() => ID, { description: TEXT_COLUMN })
  column: string;

  @Field(() => Int, {
    description:
      'Where the part begins: 0 is the first character. A negative number counts from the end: -4 takes the last four characters, or the whole text if it is shorter.',
  })
  start: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many characters to take, 0 to 1,000,000; fewer if the text is shorter. The default is all up to the end. If the start is beyond the end of the text, the result is an empty text.',
  })
  length?: number | null;
}

@InputType({ description: 'How to split a text.' })
export class SplitInput {
  @columnId()
  @Field(() => ID, { description: TEXT_COLUMN })
  column: string;

  @Field({
    description:
      'The separator: 1 to 10,000 characters, matched literally. It is not in the parts. Two separators in a row have an empty text between them. A text without a separator is one part.',
  })
  separator: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Which part to take: 0 is the first, -1 the last. If there is no such part, the result is null. The default is all parts, as TEXT_ARRAY; more than 10,000 of them are an error.',
  })
  part?: number | null;
}

@InputType({ description: 'A text with values filled in.' })
export class TemplateInput {
  @Field({
    description:
      'The text, 1 to 10,000 characters. `{{column id}}` stands for the value of a TEXT, NUMERIC, BOOLEAN or DATETIME column, with a } in an id written as \\}; at most 500 of these. A number is written as in JSON (1.5), a boolean as true or false, a date as 2024-02-29T12:30:00.000Z.',
  })
  template: string;

  @Field(() => TemplateNullsNames, { defaultValue: 'NULL_RESULT', description: 'What null values do to the result.' })
  nulls: TemplateNulls;
}
