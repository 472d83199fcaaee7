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
    return {
      type: part === undefined ? 'TEXT_ARRAY' : 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        if (text === null) return null;
        if (part !== undefined) return partOf(text, separator, part);
        const parts = text.split(separator, MAX_RESULT_ELEMENTS + 1);
        return parts.length > MAX_RESULT_ELEMENTS ? tooManyElements() : parts;
      },
    };
  },
};

function partOf(text: string, separator: string, part: number): string | null {
  if (part < 0) return text.split(separator).at(part) ?? null;
  let start = 0;
  for (let left = part; left > 0; left -= 1) {
    const end = text.indexOf(separator, start);
    if (end === -1) return null;
    start = end + separator.length;
  }
  const end = text.indexOf(separator, start);
  return end === -1 ? text.slice(start) : text.slice(start, end);
}
