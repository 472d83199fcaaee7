import { BSON, type Document } from 'mongodb';

/** How much a page may hold: so many documents, and so many bytes unless it has a single document. */
export interface PageBounds {
  readonly limit: number;
  readonly maxBytes: number;
}

export interface BoundedPage<T> {
  readonly documents: readonly T[];
  /** Whether the cursor has more documents after them. */
  readonly more: boolean;
}

/** Reads the first documents of a cursor, which should have at least one more than the limit. At most one batch of 16 MB is read ahead. */
export async function boundedPage<T extends Document>(
  cursor: AsyncIterable<T>,
  { limit, maxBytes }: PageBounds,
): Promise<BoundedPage<T>> {
  const documents: T[] = [];
  let bytes = 0;
  for await (const document of cursor) {
    bytes += BSON.calculateObjectSize(document);
    if (documents.length === limit || (documents.length > 0 && bytes > maxBytes)) return { documents, more: true };
    documents.push(document);
  }
  return { documents, more: false };
}
