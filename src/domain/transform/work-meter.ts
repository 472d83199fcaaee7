/** So much work takes about ten milliseconds. */
const WORK_OF_SLICE = 2_000_000;

/** Counts the work that the steps of a record do, so that others get their turn after much of it. */
export class WorkMeter {
  #done = 0;

  /** Notes work that was done: a unit is a character that a formula or a regular expression reads, a part of a formula counts ten. */
  note(units: number): void {
    this.#done += units;
  }

  /** Whether so much work was done since the last call that said so that others should get their turn. */
  isMuchDone(): boolean {
    if (this.#done < WORK_OF_SLICE) return false;
    this.#done = 0;
    return true;
  }
}
