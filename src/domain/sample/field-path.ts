/** The path of a field below its parent: keys joined by `.`, with `.` and `\` inside a key escaped by `\`. */
export function fieldPath(parent: string | null, key: string): string {
  const escaped = key.replace(/[\\.]/g, '\\$&');
  return parent === null ? escaped : `${parent}.${escaped}`;
}
