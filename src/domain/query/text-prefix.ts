/** The least text that is greater than every text with this prefix; undefined if there is none. */
export function leastAfterPrefix(head: string): string | undefined {
  const points = [...head];
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) ?? 0;
    // Surrogates are not characters, so the next code point after U+D7FF is U+E000.
    if (last < 0x10ffff) return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}
