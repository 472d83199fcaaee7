const BYTES_OF_VALUE = 32;
const BYTES_OF_TEXT = 24;
const BYTES_OF_OBJECT = 64;

/** About how many bytes a value takes in memory with everything in it. A text counts two bytes a character, although one of ASCII takes half of that. */
export function valueSize(value: unknown): number {
  if (typeof value === 'string') return BYTES_OF_TEXT + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = BYTES_OF_OBJECT;
  for (const member of Object.values(value)) bytes += BYTES_OF_VALUE + valueSize(member);
  return bytes;
}
