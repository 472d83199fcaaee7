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
const FIRST_SURROGATE = 0xd800;
const ASCII = 128;
const IS_ASCII_LETTER_OR_DIGIT = Array.from({ length: ASCII }, (_, code) =>
  LETTER_OR_DIGIT.test(String.fromCharCode(code)),
);

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
      return hiddenLettersAndDigits(text, kept, character);
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

/** Written as units of text into memory: a text for each character, and their sum, would take most of a turn. */
function hiddenLettersAndDigits(text: string, kept: Kept, mark: string): string {
  const [from, to] = hiddenRange(lettersAndDigits(text), kept);
  const units = new Uint16Array(mark.length * text.length);
  let [seen, written] = [0, 0];
  const write = (source: string, begin: number, end: number) => {
    for (let at = begin; at < end; at += 1) units[written++] = source.charCodeAt(at);
  };
  for (let at = 0; at < text.length; ) {
    const end = at + sizeAt(text, at);
    const isLetter = isLetterOrDigit(text, at, end);
    if (isLetter) seen += 1;
    if (isLetter && seen > from && seen <= to) write(mark, 0, mark.length);
    else write(text, at, end);
    at = end;
  }
  return Buffer.from(units.buffer, 0, 2 * written).toString('utf16le');
}

/** How many letters and digits a text has. */
function lettersAndDigits(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; ) {
    const end = at + sizeAt(text, at);
    if (isLetterOrDigit(text, at, end)) count += 1;
    at = end;
  }
  return count;
}

function isLetterOrDigit(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at);
  return code < ASCII ? IS_ASCII_LETTER_OR_DIGIT[code] === true : LETTER_OR_DIGIT.test(text.slice(at, end));
}

/** How many units of text the character at this place has. */
function sizeAt(text: string, at: number): 1 | 2 {
  return text.charCodeAt(at) >= FIRST_SURROGATE && (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
