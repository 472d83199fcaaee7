import type { StoredValue } from '../design/stored-value.js';
import { StepError } from './step-error.js';

/** So much work takes about ten milliseconds. */
const WORK_OF_SLICE = 2_000_000;
/** Units of work that a step may spend on one row: what no limit of texts and arrays bounds, such as a condition of many parts on many elements. */
export const MAX_STEP_WORK = 20_000_000;
/** What an element of an array costs to look at. */
const WORK_OF_ELEMENT = 10;

/** A step would keep everything else waiting for too long. */
class TooMuchWork extends Error {}

/** Counts the work that the steps of a record do, so that others get their turn after much of it. */
export class WorkMeter {
  #done = 0;
  #left = MAX_STEP_WORK;

  /** Notes work that was done: a unit is a character that a formula or a regular expression reads, a part of a formula counts ten. */
  note(units: number): void {
    this.#done += units;
  }

  /** Notes that a step reads a value: most steps look at each of its characters, or at each of its elements. */
  noteRead(value: StoredValue | null): void {
    if (typeof value === 'string') this.#done += value.length;
    else if (Array.isArray(value)) this.#done += WORK_OF_ELEMENT * value.length;
  }

  /** Notes work before it is done. By a count, not by a clock, so that every attempt ends alike. Throws {@link TooMuchWork} if a step spends too much on one row; see {@link errorOf}. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new TooMuchWork();
    this.#done += units;
  }

  /** Begins the work of a step on a row. */
  begin(): void {
    this.#left = MAX_STEP_WORK;
  }

  /** Why a step has no result that threw this error: it spent too much. Every other error is thrown again. */
  errorOf(thrown: unknown): StepError {
    if (!(thrown instanceof TooMuchWork)) throw thrown;
    return new StepError(
      'the step compares or searches too much in values as large as these; shorten texts and arrays in a step before, or make its conditions smaller',
    );
  }

  /** Whether so much work was done since the last call that said so that others should get their turn. */
  isMuchDone(): boolean {
    if (this.#done < WORK_OF_SLICE) return false;
    this.#done = 0;
    return true;
  }
}
