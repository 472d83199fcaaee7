import { movedBy } from '../code-points.js';
import type { StepKind } from '../step-kind.js';

export const TRIM_SIDES = ['BOTH', 'START', 'END'] as const;
export type TrimSide = (typeof TRIM_SIDES)[number];

/** Removes characters from the ends of a text; white space where none are chosen. */
export interface TrimStep {
  readonly column: string;
  readonly side: TrimSide;
  readonly characters?: string | undefined;
}

const MAX_TRIMMED = 100;

export const trim: StepKind<TrimStep> = {
  plan({ column, side, characters }, inputs) {
    const read = inputs.text(column);
    if (characters !== undefined) inputs.words(characters, 'characters', 1, MAX_TRIMMED);
    const codes = Array.from(characters ?? '', (character) => character.codePointAt(0));
    const cut = characters === undefined ? SPACE[side] : cutter(new Set(codes), side);
    return {
      type: 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        return text === null ? null : cut(text);
      },
    };
  },
};

const SPACE: Record<TrimSide, (text: string) => string> = {
  BOTH: (text) => text.trim(),
  START: (text) => text.trimStart(),
  END: (text) => text.trimEnd(),
};

function cutter(codes: ReadonlySet<number | undefined>, side: TrimSide): (text: string) => string {
  return (text) => {
    let [start, end] = [0, text.length];
    for (let next = start; side !== 'END' && start < end; start = next) {
      next = movedBy(text, start, 1);
      if (!codes.has(text.codePointAt(start))) break;
    }
    for (let last = end; side !== 'START' && end > start; end = last) {
      last = movedBy(text, end, -1);
      if (!codes.has(text.codePointAt(last))) break;
    }
    return text.slice(start, end);
  };
}
