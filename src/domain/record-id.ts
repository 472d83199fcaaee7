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

/** The record that a row of this id is of. */
export function recordIdOf(rowId: string): string {
  return rowId.slice(0, rowId.lastIndexOf('-'));
}

/** Where the record of such an id stands in the push log. */
export function placeInLog(recordId: string): { readonly position: number; readonly recordIndex: number } {
  const position = Number.parseInt(recordId.slice(0, POSITION_DIGITS), 36);
  return { position, recordIndex: Number.parseInt(recordId.slice(POSITION_DIGITS), 36) };
}

const STEPS_OF_POSITION = 2 ** 20;

/**
 * The version of what a job writes: greater than that of every job before it in the lane, with room for steps between, which a reload takes where
 * records of one push become the same, one for every page it reads of them.
 */
export function versionOf(position: number): number {
  return position * STEPS_OF_POSITION;
}

/** The lane position of the job that wrote a version. */
export function positionOf(version: number): number {
  return Math.floor(version / STEPS_OF_POSITION);
}
