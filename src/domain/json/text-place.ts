const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** A place in UTF-8 text as editors show it, `line 2, column 7`. Both count from 1, columns in UTF-16 units without a byte order mark. */
export function placeIn(bytes: Buffer, offset: number): string {
  let line = 1;
  let column = 1;
  for (let at = startOf(bytes); at < offset; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === NEWLINE) {
      line += 1;
      column = 1;
    } else if (isLead(byte)) column += byte >= 0xf0 ? 2 : 1;
  }
  return `line ${line}, column ${column}`;
}

/** Whether a byte is the first of a character. */
function isLead(byte: number): boolean {
  return (byte & 0xc0) !== 0x80;
}

/** The offset after the byte order mark, if there is one. */
export function startOf(bytes: Buffer): number {
  const { length } = BYTE_ORDER_MARK;
  return bytes.subarray(0, length).equals(BYTE_ORDER_MARK) ? length : 0;
}
