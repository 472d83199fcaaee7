import { codePointCount, isOneCodePoint, movedBy } from '../code-points.js';
import { MAX_RESULT_TEXT, textTooLong } from '../result-limits.js';
import type { StepKind } from '../step-kind.js';
import type { WorkMeter } from '../work-meter.js';

export const MASK_MODES = ['ALL', 'EMAIL', 'PHONE'] as const;
export type MaskMode = (typeof MASK_MODES)[number];

/** Hides personal data: all characters but some at the ends become another. */
export interface MaskStep {
  readonly column: string;
  readonly mode: MaskMode;
  readonly keepStart: number;
  readonly keepEnd: number;
  readonly character: string;
}

const MAX_KEPT_CHARACTERS = 100;
/** What a character costs, in units of work, that is compared with a pattern. */
const WORK_OF_CHARACTER = 12;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

export const mask: StepKind<MaskStep> = {
  plan({ column, mode, keepStart, keepEnd, character }, inputs) {
    const read = inputs.text(column);
    inputs.integer(keepStart, 'keepStart', 0, MAX_KEPT_CHARACTERS);
    inputs.integer(keepEnd, 'keepEnd', 0, MAX_KEPT_CHARACTERS);
    inputs.words(character, 'character', 1);
    if (!isOneCodePoint(character)) inputs.refuse('character is no single character; give one, such as *');
    const kept = { start: keepStart, end: keepEnd };
    return {
      type: 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        if (text === null) return null;
        return text.length > MAX_RESULT_TEXT ? textTooLong() : masked(text, mode, kept, character, context.work);
      },
    };
  },
};

interface Kept {
  readonly start: number;
  readonly end: number;
}

function masked(text: string, mode: MaskMode, kept: Kept, character: string, work: WorkMeter): string {
  switch (mode) {
    case 'ALL':
      return hidden(text, kept, character);
    case 'PHONE':
      work.note(WORK_OF_CHARACTER * text.length);
      return hiddenLettersAndDigits([...text], kept, character);
    case 'EMAIL':
      return maskedAddress(text, kept, character);
  }
}

/** What is no address is hidden whole: it may be a name that was put into the wrong field. */
function maskedAddress(text: string, kept: Kept, character: string): string {
  const at = text.lastIndexOf('@');
  const isAddress = at > 0 && at < text.length - 1;
  if (!isAddress) return hidden(text, { start: 0, end: 0 }, character);
  return hidden(text.slice(0, at), kept, character) + text.slice(at);
}

/** From the first to the last character to hide, of so many. Where there is nothing between what is kept at both ends, nothing is kept: a short value would not be hidden at all. */
function hiddenRange(total: number, { start, end }: Kept): readonly [from: number, to: number] {
  return start + end < total ? [start, total - end] : [0, total];
}

function hidden(text: string, kept: Kept, mark: string): string {
  const total = codePointCount(text);
  const [from, to] = hiddenRange(total, kept);
  const end = movedBy(text, text.length, to - total);
  return text.slice(0, movedBy(text, 0, from)) + mark.repeat(to - from) + text.slice(end);
}

function hiddenLettersAndDigits(characters: readonly string[], kept: Kept, mark: string): string {
  const total = characters.filter((one) => LETTER_OR_DIGIT.test(one)).length;
  const [from, to] = hiddenRange(total, kept);
  let seen = 0;
  const shown = characters.map((character) => {
    if (!LETTER_OR_DIGIT.test(character)) return character;
    seen += 1;
    return seen > from && seen <= to ? mark : character;
  });
  return shown.join('');
}
