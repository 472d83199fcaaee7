/** A result, or the slices of work that give it: for work that is small for almost every input, and too long for a turn of the event loop for a few. */
export type Sliced<T> = T | Generator<void, T>;

/** Runs work that yields now and then to its end, without a pause, and returns its result. For work that is known to be small. */
export function atOnce<T>(slices: Generator<void, T>): T;
export function atOnce<T extends object>(slices: Sliced<T>): T;
export function atOnce<T extends object>(slices: Sliced<T>): T {
  if (!isSliced(slices)) return slices;
  let slice = slices.next();
  while (!slice.done) slice = slices.next();
  return slice.value;
}

/** Whether work is done in slices. An array is asked for nothing: it takes long to find that it has no member of a name. */
export function isSliced<T extends object>(work: Sliced<T>): work is Generator<void, T> {
  return !Array.isArray(work) && 'next' in work;
}
