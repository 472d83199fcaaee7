/** A place in a text as editors show it, `line 2, column 7`. Both count from 1, columns in UTF-16 units. */
export function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`;
}
