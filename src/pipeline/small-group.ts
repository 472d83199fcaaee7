/** A group with payloads of more bytes is never loaded in one step. */
export const SMALL_GROUP_BYTES = 64 * 1024;
