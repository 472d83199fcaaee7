import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { SEARCH_MODES, type SearchMode } from '../../../domain/transform/steps/replace-text.js';
import { columnId } from '../input-bounds.js';
import { asEnum, described } from '../types/enums.js';
import { TEXT_COLUMN } from './text-inputs.js';

const SYNTAX =
  'in RE2 syntax (https://github.com/google/re2/wiki/Syntax): no look-around and no back-references; `\\s`, `\\d`, `\\w` and `\\b` know ASCII only, and `\\pL` is any letter; `(?i)`, `(?s)` and `(?m)` are flags. At most 1,000 characters, and a size of 500, which is about its characters with repetitions written out. A text on which it takes too many steps is an error.';
const CASE =
  'Whether upper and lower case differ. If not, letters match by the simple case folding of Unicode: É is é, but ß is not SS.';

const SearchModeNames = asEnum(SEARCH_MODES);
registerEnumType(SearchModeNames, {
  name: 'SearchMode',
  description: 'How search and replacement are read.',
  valuesConfig: described<SearchMode>({
    LITERAL: 'Both are taken as they are.',
    REGEX: `\`search\` is a regular expression ${SYNTAX} In \`replacement\`, \`$0\` is the whole match, \`$1\` to \`$9\`, or \`\${10}\`, a group by its number, \`\${name}\` a group by its name, and \`$$\` a dollar sign. A group without a match is empty.`,
  }),
});

@InputType({ description: 'What to replace in a text, and with what.' })
export class ReplaceTextInput {
  @columnId()
  @Field(() => ID, { description: TEXT_COLUMN })
  column: string;

  @Field({
    description: 'What to search for, 1 character or more. All occurrences are replaced, from the start of the text.',
  })
  search: string;

  @Field(() => SearchModeNames, { defaultValue: 'LITERAL', description: 'How search and replacement are read.' })
  mode: SearchMode;

  @Field(() => Boolean, { defaultValue: true, description: CASE })
  caseSensitive: boolean;

  @Field({ description: 'What comes in its place; an empty text removes it. At most 10,000 characters.' })
  replacement: string;
}

@InputType({ description: 'What to take out of a text.' })
export class ExtractTextInput {
  @columnId()
  @Field(() => ID, { description: TEXT_COLUMN })
  column: string;

  @Field({ description: `A regular expression ${SYNTAX}` })
  pattern: string;

  @Field(() => Boolean, { defaultValue: true, description: CASE })
  caseSensitive: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'Which group to take; 0 is the whole match. The default is the first group, or the whole match if the pattern has none. If the group has no match, the result is null.',
  })
  group?: number | null;
}
