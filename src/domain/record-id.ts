const POSITION_DIGITS = 8;
const INDEX_DIGITS = 6;

/**
 * The id of a record without identifiers: where it stands in the push log, in base 36 with fixed widths. The same whenever the push is loaded
 * again, and sorted as text in the order the records were accepted.
 */
export function recordIdFromLog(position: number, recordIndex: number): string {
  return position.toString(36).padStart(POSITION_DIGITS, '0') + recordIndex.toString(36).padStart(INDEX_DIGITS, '0');
}

export function rowId(recordId: string, ordinal: number): string {
  return `${recordId}-${ordinal}`;
}
