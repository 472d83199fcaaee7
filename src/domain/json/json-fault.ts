/** The place at which a text stops being JSON. */
export class JsonFault extends Error {
  /**
   * `offset`: the offset of the first byte that cannot follow the text before it in any JSON text; the length of the text if something is missing at its end.
   * `reason`: what is wrong, for people.
   */
  constructor(
    readonly offset: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** The fault that a text goes on with something else than JSON has there, or ends. `where` ends the sentence about what was found. */
export function unexpected(bytes: Buffer, offset: number, where = 'there'): JsonFault {
  if (offset >= bytes.length) return new JsonFault(bytes.length, 'the JSON ends too early');
  const [found = ''] = bytes.toString('utf8', offset, offset + 4);
  return new JsonFault(offset, `${JSON.stringify(found)} does not belong ${where}`);
}
