import { BSON, type Document } from 'mongodb';

/** How much a page may hold: so many documents and, unless it is a single one, so many bytes. */
export interface PageBounds {
  readonly limit: number;
  readonly maxBytes: number;
}

export interface BoundedPage<T> {
  readonly documents: readonly T[];
  /** Whether the cursor has more after them. */
  readonly more: boolean;
}

/** The first documents of a cursor; it should end one after the limit at the earliest. What is read ahead is one batch of at most 16 MB. */
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
