import { movedBy } from '../code-points.js';
import { MAX_RESULT_TEXT } from '../result-limits.js';
import type { StepKind } from '../step-kind.js';

/** A part of a text, in code points. */
export interface SubstringStep {
  readonly column: string;
  /** 0 is the first character; negative counts from the end. */
  readonly start: number;
  /** All to the end where it is left out. */
  readonly length?: number | undefined;
}

export const substring: StepKind<SubstringStep> = {
  plan({ column, start, length }, inputs) {
    const read = inputs.text(column);
    inputs.integer(start, 'start', -MAX_RESULT_TEXT, MAX_RESULT_TEXT);
    if (length !== undefined) inputs.integer(length, 'length', 0, MAX_RESULT_TEXT);
    return {
      type: 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        if (text === null) return null;
        const from = movedBy(text, start < 0 ? text.length : 0, start);
        return text.slice(from, length === undefined ? undefined : movedBy(text, from, length));
      },
    };
  },
};
