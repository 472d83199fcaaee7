/** A regular expression for `$regex` that matches exactly this text; every character except letters and digits is written as its code point, NUL too. */
export function literalPattern(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
