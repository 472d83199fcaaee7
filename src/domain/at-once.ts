/** Runs work that yields now and then to its end, without a pause, and returns its result. For work that is known to be small. */
export function atOnce<T>(slices: Generator<void, T>): T {
  let slice = slices.next();
  while (!slice.done) slice = slices.next();
  return slice.value;
}
