/** A regular expression for `$regex` that matches this text as it is; whatever is no letter or digit is written by its code point, NUL too. */
export function literalPattern(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
