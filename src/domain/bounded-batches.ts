/** How much a batch may hold: so many items, and so many bytes unless it has a single item. */
export interface BatchBounds {
  readonly maxItems?: number;
  readonly maxBytes: number;
}

/** Splits the items, in order, into batches that are as full as the bounds allow; none is empty. */
export function* boundedBatches<T>(
  items: Iterable<T>,
  bytesOf: (item: T) => number,
  { maxItems = Number.POSITIVE_INFINITY, maxBytes }: BatchBounds,
): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (batch.length === maxItems || (batch.length > 0 && bytes + size > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
