import { compileRegex, firstMatch } from '../regular-expression.js';
import type { StepKind } from '../step-kind.js';

/** Takes the part of a text that a regular expression, or a group of it, matches first. */
export interface ExtractTextStep {
  readonly column: string;
  readonly pattern: string;
  readonly caseSensitive: boolean;
  /** 0 is the whole match. By default the first group, or the whole match where there is none. */
  readonly group?: number | undefined;
}

export const extractText: StepKind<ExtractTextStep> = {
  plan({ column, pattern, caseSensitive, group }, inputs) {
    const read = inputs.text(column);
    inputs.words(pattern, 'pattern', 1);
    const regex = compileRegex(pattern, { caseSensitive });
    if (typeof regex === 'string') {
      inputs.refuse(`pattern ${regex}`);
      return { type: 'TEXT', compute: () => null };
    }
    const groups = regex.groupCount();
    const taken = group === undefined ? Math.min(1, groups) : inputs.integer(group, 'group', 0, groups);
    return {
      type: 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        return text === null ? null : firstMatch(regex, text, taken, context.work);
      },
    };
  },
};
