import { plainValues } from '../domain/plain/plain-payload.js';
import type { PlainWrite, Row } from './row-writes.js';

/** The row of a plain record, with its values. Names the members: those of a plain write are getters, which a spread would leave out. */
export function rowOf({ id, recordId, version, savedAt, plain }: PlainWrite): Row {
  return { id, recordId, version, savedAt, ordinal: 0, rowCount: 1, values: plainValues(plain) };
}
