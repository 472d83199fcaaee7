import { SluiceError } from '../errors.js';
import { briefJson } from '../json/stringify-json.js';

/** The lists that have such cursors. */
export type ListName =
  | 'connections'
  | 'datasets'
  | 'jobs'
  | 'errors'
  | 'quarantine'
  | 'apiKeys'
  | 'pushUrls'
  | 'auditLog'
  | 'refusals';

/** Encodes the place of an item in its list as an opaque text. */
export function encodeListCursor(list: ListName, place: string): string {
  return Buffer.from(`${list} ${place}`).toString('base64url');
}

/** Decodes a cursor from {@link encodeListCursor} of the same list, even if its item is gone. Throws BAD_REQUEST for any other text. */
export function decodeListCursor(list: ListName, text: string): string {
  const [name, place, ...more] = Buffer.from(text, 'base64url').toString().split(' ');
  if (name === list && place !== undefined && more.length === 0 && encodeListCursor(list, place) === text) return place;
  const message = `after is ${briefJson(text)}, which is not the endCursor of a page of ${list}; give the endCursor of the previous page, or leave out after`;
  throw new SluiceError('BAD_REQUEST', message, { field: 'after', actual: briefJson(text) });
}
