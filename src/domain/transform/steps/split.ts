import { TextSearch } from '../../text-search.js';
import { partsOfText } from '../parts-of-text.js';
import { MAX_RESULT_ELEMENTS, tooManyElements } from '../result-limits.js';
import type { StepKind } from '../step-kind.js';
import type { WorkMeter } from '../work-meter.js';

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
    const search = new TextSearch(separator);
    if (part !== undefined) inputs.integer(part, 'part', -MAX_RESULT_ELEMENTS, MAX_RESULT_ELEMENTS - 1);
    return {
      type: part === undefined ? 'TEXT_ARRAY' : 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        if (text === null) return null;
        if (part !== undefined) return partOf(text, search, part, context.work);
        const parts = search.split(text, MAX_RESULT_ELEMENTS + 1);
        return parts.length > MAX_RESULT_ELEMENTS ? tooManyElements() : parts;
      },
    };
  },
};

function partOf(text: string, search: TextSearch, part: number, work: WorkMeter): string | null {
  if (part < 0) return partsOfText(text, search, work).at(part) ?? null;
  let start = 0;
  for (let left = part; left > 0; left -= 1) {
    const end = search.indexIn(text, start);
    if (end === -1) return null;
    start = end + search.sought.length;
  }
  const end = search.indexIn(text, start);
  return end === -1 ? text.slice(start) : text.slice(start, end);
}
