import { HashInput, MaskInput } from './personal-data-inputs.js';
import { ExtractTextInput, ReplaceTextInput } from './regex-inputs.js';
import type { StepFields } from './step-fields.js';
import {
  ConcatenateInput,
  SplitInput,
  SubstringInput,
  TemplateInput,
  TextColumnInput,
  TrimInput,
} from './text-inputs.js';

/** Steps that make texts. */
export const TEXT_STEPS = {
  concatenate: {
    settings: ConcatenateInput,
    description: 'Joins columns and constants with a separator. Gives TEXT.',
  },
  lowercase: {
    settings: TextColumnInput,
    description: 'Converts a text to lower case, by the rules of Unicode that do not depend on a language. Gives TEXT.',
  },
  uppercase: {
    settings: TextColumnInput,
    description:
      'Converts a text to upper case, by the rules of Unicode that do not depend on a language: ß becomes SS. Gives TEXT.',
  },
  trim: {
    settings: TrimInput,
    description: 'Removes white space or chosen characters from the ends of a text. Gives TEXT.',
  },
  substring: {
    settings: SubstringInput,
    description: 'Takes a part of a text by its position. Gives TEXT.',
  },
  split: {
    settings: SplitInput,
    description: 'Splits a text at a separator. Gives TEXT_ARRAY, or TEXT if one part is asked for.',
  },
  replaceText: {
    settings: ReplaceTextInput,
    description: 'Replaces every occurrence of a text, or every match of a regular expression. Gives TEXT.',
  },
  extractText: {
    settings: ExtractTextInput,
    description:
      'Takes the first match of a regular expression, or a group of that match. If nothing matches, the result is null. Gives TEXT.',
  },
  template: {
    settings: TemplateInput,
    description: 'Fills the values of columns into a text. Gives TEXT.',
  },
  hash: {
    settings: HashInput,
    description: 'Replaces a value by its SHA-256 hash, with a secret salt if you give one. Gives TEXT.',
  },
  mask: {
    settings: MaskInput,
    description: 'Masks personal data: replaces the characters of a text, except some at its ends. Gives TEXT.',
  },
} as const satisfies StepFields;
