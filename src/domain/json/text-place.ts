const NEWLINE = 0x0a;

/** A place in UTF-8 text as editors show it, `line 2, column 7`. Both count from 1, columns in UTF-16 units without a byte order mark. */
export function placeIn(bytes: Buffer, offset: number): string {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1 && end < offset; end = bytes.indexOf(NEWLINE, start)) {
    line += 1;
    start = end + 1;
  }
  const before = bytes.toString('utf8', start, offset);
  return `line ${line}, column ${1 + before.replace(/^\ufeff/, '').length}`;
}
