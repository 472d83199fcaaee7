const POSITION_DIGITS = 8;
const INDEX_DIGITS = 6;
/** Two digits give the letter `a`, which is 10 in base 36. */
const DIGITS_BEFORE_A = 8;

/**
 * The id of a record without unique identifiers: its place in the push log, in base 36 with fixed widths. It is the same whenever the push is loaded again, and these
 * ids sort as text in the order in which the records were accepted.
 */
export function recordIdFromLog(position: number, recordIndex: number): string {
  return position.toString(36).padStart(POSITION_DIGITS, '0') + recordIndex.toString(36).padStart(INDEX_DIGITS, '0');
}

/**
 * The id of a record's row with this number, from 0. Ids of one record sort as text in the order of the numbers: a number with several digits comes after a letter that grows
 * with how many there are, as in `-9`, `-a10`, `-a99`, `-b100`.
 */
export function rowId(recordId: string, ordinal: number): string {
  const digits = String(ordinal);
  const letter = digits.length === 1 ? '' : (digits.length + DIGITS_BEFORE_A).toString(36);
  return `${recordId}-${letter}${digits}`;
}

/** The id of the record that the row with this id belongs to. */
export function recordIdOf(rowId: string): string {
  return rowId.slice(0, rowId.lastIndexOf('-'));
}

/** The place in the push log that such an id names. */
export function parseLogRecordId(recordId: string): { readonly position: number; readonly recordIndex: number } {
  const position = Number.parseInt(recordId.slice(0, POSITION_DIGITS), 36);
  return { position, recordIndex: Number.parseInt(recordId.slice(POSITION_DIGITS), 36) };
}

const STEPS_OF_POSITION = 2 ** 20;

/**
 * The version of what a job writes: greater than that of every earlier job in the lane. There is room for steps between the versions of two jobs: if records of one push
 * become the same, a reload uses one step for every page of them that it reads.
 */
export function versionOf(position: number): number {
  return position * STEPS_OF_POSITION;
}

/** The lane position of the job that wrote a version. */
export function positionOf(version: number): number {
  return Math.floor(version / STEPS_OF_POSITION);
}
