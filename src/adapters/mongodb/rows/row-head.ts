import type { Row } from '../../../ports/row-writes.js';
import { dateElement, numberElement, textElement } from './bson-elements.js';

const KEYS = {
  id: Buffer.from('_id\0'),
  version: Buffer.from('v\0'),
  recordId: Buffer.from('r\0'),
  ordinal: Buffer.from('o\0'),
  rowCount: Buffer.from('n\0'),
  savedAt: Buffer.from('s\0'),
};

/** What every document of a record begins with. */
type Head = Pick<Row, 'id' | 'version' | 'recordId' | 'savedAt'>;

/** Writes the first elements of a document, as `toDocument` describes them, at an offset. Returns the offset after them. `place`: null for a hidden record. */
export function headElements(
  target: Buffer,
  at: number,
  { id, version, recordId, savedAt }: Head,
  place: Pick<Row, 'ordinal' | 'rowCount'> | null,
): number {
  let next = textElement(target, at, KEYS.id, id);
  next = numberElement(target, next, KEYS.version, version);
  next = textElement(target, next, KEYS.recordId, recordId);
  if (place) {
    next = numberElement(target, next, KEYS.ordinal, place.ordinal);
    next = numberElement(target, next, KEYS.rowCount, place.rowCount);
  }
  return dateElement(target, next, KEYS.savedAt, savedAt.getTime());
}
