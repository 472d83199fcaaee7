import { SluiceError } from '../errors.js';
import { briefJson } from '../json/stringify-json.js';

/** The lists that go on after the place of their last item. */
export type ListName = 'connections' | 'datasets' | 'jobs' | 'errors' | 'quarantine';

/** Writes the place of an item in its list as an opaque text. */
export function encodeListCursor(list: ListName, place: string): string {
  return Buffer.from(`${list} ${place}`).toString('base64url');
}

/** Reads what {@link encodeListCursor} wrote for the same list, whether or not the item is still there. Throws BAD_REQUEST for anything else. */
export function decodeListCursor(list: ListName, text: string): string {
  const [name, place, ...more] = Buffer.from(text, 'base64url').toString().split(' ');
  if (name === list && place !== undefined && more.length === 0 && encodeListCursor(list, place) === text) return place;
  const message = `after is ${briefJson(text)}, which is no endCursor of a page of ${list}; give the endCursor of the page before, or leave after out`;
  throw new SluiceError('BAD_REQUEST', message, { field: 'after', actual: briefJson(text) });
}
