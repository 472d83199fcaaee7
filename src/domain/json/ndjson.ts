import { SluiceError } from '../errors.js';

const NEWLINE = 0x0a;
/** How much to read between two yields, at most. */
const LINES_OF_SLICE = 500;
const BYTES_OF_SLICE = 64 * 1024;

/**
 * Reads newline-delimited JSON in slices: calls `take` with what `read` makes of each line that is not blank. Throws what `read` throws, and names the line.
 */
export function* readLines<T>(
  bytes: Buffer,
  read: (line: Buffer) => Generator<void, T>,
  take: (value: T) => void,
): Generator<void> {
  let line = 0;
  let yieldedAt = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    line += 1;
    const text = bytes.subarray(start, end);
    if (!isBlank(text)) take(yield* readLine(text, line, read));
    start = end + 1;
    if (line % LINES_OF_SLICE === 0 || start - yieldedAt >= BYTES_OF_SLICE) {
      yieldedAt = start;
      yield;
    }
  }
}

function* readLine<T>(text: Buffer, line: number, read: (line: Buffer) => Generator<void, T>): Generator<void, T> {
  try {
    return yield* read(text);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const fault = error.code === 'INVALID_JSON' ? ' is not JSON' : '';
    const message = `line ${line} of the NDJSON${fault}: ${error.message.replace(/^line 1, /, '')}`;
    throw new SluiceError(error.code, message, error.details);
  }
}

function isBlank(text: Buffer): boolean {
  for (const byte of text) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
