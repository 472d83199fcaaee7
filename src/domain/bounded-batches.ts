/** How much a batch may hold: so many items and, unless it is a single one, so many bytes. */
export interface BatchBounds {
  readonly maxItems?: number;
  readonly maxBytes: number;
}

/** The items in their order, in batches as full as the bounds let them be; none is empty. */
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
