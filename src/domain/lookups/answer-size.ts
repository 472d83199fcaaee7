import { boundedBatches } from '../bounded-batches.js';
import type { StoredValue } from '../design/stored-value.js';
import { type Answer, type Answers, isOfAddress } from '../transform/answers.js';

/** The values that a lookup takes from one record have at most about this many bytes. */
export const MAX_ANSWER_BYTES = 4_000_000;
/** What the lookups of a group find has at most about this many bytes. */
export const MAX_FOUND_BYTES = 128 * 1024 * 1024;
/** A document can have 16 MB; half of that leaves room for keys. */
const PART_BYTES = 8 * 1024 * 1024;
/** For the key and the structure around a value. */
const OVERHEAD = 16;
/** No UTF-16 unit takes more in UTF-8. */
const BYTES_OF_UNIT = 3;

/** At least how many bytes an answer takes when it is stored. */
export function sizeOfAnswer(answer: Answer): number {
  let bytes = 8 * OVERHEAD;
  if (isOfAddress(answer)) return bytes + 2 * OVERHEAD + BYTES_OF_UNIT * (answer.fault?.length ?? 0);
  const { values, faults = {} } = answer;
  for (const value of Object.values(values ?? {})) if (value !== undefined) bytes += OVERHEAD + sizeOf(value);
  for (const fault of Object.values(faults)) bytes += OVERHEAD + BYTES_OF_UNIT * fault.length;
  return bytes;
}

function sizeOf(value: StoredValue | null): number {
  if (typeof value === 'string') return BYTES_OF_UNIT * value.length;
  if (!Array.isArray(value)) return OVERHEAD;
  return value.reduce<number>((sum, one) => sum + OVERHEAD + sizeOf(one), 0);
}

export function sizeOfAnswers(answers: Answers): number {
  let bytes = 0;
  for (const answer of answers.values()) bytes += sizeOfAnswer(answer);
  return bytes;
}

/** Splits answers into parts of bounded size; one empty part if there are none. */
export function answerParts(answers: Answers): readonly Answers[] {
  const parts = boundedBatches([...answers], ([, answer]) => sizeOfAnswer(answer), { maxBytes: PART_BYTES });
  const made = [...parts].map((part) => new Map(part));
  return made.length === 0 ? [new Map()] : made;
}
