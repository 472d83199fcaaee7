import { MAX_RESULT_ELEMENTS, tooManyElements } from '../result-limits.js';
import type { StepKind } from '../step-kind.js';

/** Splits a text at a separator: to an array, or to one of the parts. */
export interface SplitStep {
  readonly column: string;
  readonly separator: string;
  /** 0 is the first part; negative counts from the end. */
  readonly part?: number | undefined;
}

export const split: StepKind<SplitStep> = {
  plan({ column, separator, part }, inputs) {
    const read = inputs.text(column);
    inputs.words(separator, 'separator', 1);
    if (part !== undefined) inputs.integer(part, 'part', -MAX_RESULT_ELEMENTS, MAX_RESULT_ELEMENTS - 1);
    const partOf = (text: string, at: number) => text.split(separator, at < 0 ? undefined : at + 1).at(at) ?? null;
    return {
      type: part === undefined ? 'TEXT_ARRAY' : 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        if (text === null) return null;
        if (part !== undefined) return partOf(text, part);
        const parts = text.split(separator, MAX_RESULT_ELEMENTS + 1);
        return parts.length > MAX_RESULT_ELEMENTS ? tooManyElements() : parts;
      },
    };
  },
};
