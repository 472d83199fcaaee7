import type { RowEncoding } from '../../../ports/row-encoding.js';
import { mostRowBytes, writeRowBson } from './row-bson.js';
import { sizeOfRow } from './row-size.js';

/** Rows as documents in BSON. */
export const bsonEncoding: RowEncoding = {
  sizeOf: sizeOfRow,
  encode: (write) => ({
    maxBytes: mostRowBytes(write),
    writeTo: (target, at) => writeRowBson(target, at, write),
  }),
};
