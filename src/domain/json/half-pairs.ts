/** Halves of surrogate pairs, which UTF-8 cannot express. */
const HALF_PAIRS = /\p{Surrogate}/gu;

/** How much longer an escape is than what it replaces. */
const LONGER = '\\ud800'.length - 1;

/** JSON text in UTF-8. A half of a surrogate pair becomes an escape, with the same meaning; after a backslash, where it is a fault, it becomes a replacement character. */
export function bytesOf(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  return Buffer.from(
    text.replace(HALF_PAIRS, (half, index: number) => {
      return isEscaped(text, index) ? half : `\\u${half.charCodeAt(0).toString(16)}`;
    }),
  );
}

/** The offset in a text of an offset in the bytes that {@link bytesOf} made of it. */
export function offsetInText(text: string, bytes: Buffer, offset: number): number {
  const length = bytes.toString('utf8', 0, offset).length;
  if (text.isWellFormed()) return length;
  let added = 0;
  for (const { index } of text.matchAll(HALF_PAIRS)) {
    if (index + added >= length) break;
    if (!isEscaped(text, index)) added += LONGER;
  }
  return length - added;
}

function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text[start - 1] === '\\') start -= 1;
  return (index - start) % 2 === 1;
}
