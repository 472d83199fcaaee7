import { type AbstractCursor, BSON, type Document } from 'mongodb';

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

/** The option for cursors of {@link boundedPage}: documents as bytes, whose length is known before they are decoded. */
export const RAW = { raw: true } as const;

/** Reads the first documents of a cursor with the option {@link RAW}, which should have at least one more than the limit. At most one batch of 16 MB is read ahead. */
export async function boundedPage<T extends Document>(
  cursor: AbstractCursor<T>,
  { limit, maxBytes }: PageBounds,
): Promise<BoundedPage<T>> {
  const documents: T[] = [];
  let bytes = 0;
  try {
    while (await cursor.hasNext()) {
      for (let next = buffered(cursor); next; next = buffered(cursor)) {
        bytes += next.length;
        if (documents.length === limit || (documents.length > 0 && bytes > maxBytes)) return { documents, more: true };
        documents.push(BSON.deserialize(next) as T);
      }
    }
    return { documents, more: false };
  } finally {
    await cursor.close();
  }
}

/** Takes one document of the batch that was read. To iterate over the cursor takes several promises for each. */
function buffered(cursor: AbstractCursor<unknown>): Uint8Array | undefined {
  const [document] = cursor.readBufferedDocuments(1);
  return document as Uint8Array | undefined;
}
