import { plainValues } from '../domain/plain/plain-payload.js';
import type { PlainWrite, Row } from './record-store.js';

/** The row of a plain record, with its values. */
export function rowOf({ plain, ...write }: PlainWrite): Row {
  return { ...write, ordinal: 0, rowCount: 1, values: plainValues(plain) };
}
