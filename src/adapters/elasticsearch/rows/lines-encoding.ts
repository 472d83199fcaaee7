import type { RowEncoding } from '../../../ports/row-encoding.js';
import { linesOfRow } from './bulk-body.js';
import { sizeOfRow } from './row-size.js';

/** Rows as lines of a bulk. */
export const linesEncoding: RowEncoding = {
  sizeOf: sizeOfRow,
  encode(write) {
    const lines = linesOfRow(write);
    return { maxBytes: Buffer.byteLength(lines), writeTo: (target, at) => at + target.write(lines, at) };
  },
};
