/** The least text after all that begin with this one; undefined when no text comes after them. */
export function leastAfterPrefix(head: string): string | undefined {
  const points = [...head];
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) ?? 0;
    // Surrogates are no characters of their own.
    if (last < 0x10ffff) return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}
