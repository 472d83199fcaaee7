/** A copy of a text that is kept for long. A part of a text, such as a value in a query or a header, keeps the whole text in memory. */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}
