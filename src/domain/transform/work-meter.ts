/** So much work takes about ten milliseconds. */
const WORK_OF_SLICE = 2_000_000;

let done = 0;

/** Notes work that steps have done: a unit is a character that a formula or a regular expression reads, a part of a formula counts ten. */
export function noteWork(units: number): void {
  done += units;
}

/** Whether so much work was done since the last call that said so that others should get their turn. */
export function isMuchDone(): boolean {
  if (done < WORK_OF_SLICE) return false;
  done = 0;
  return true;
}
