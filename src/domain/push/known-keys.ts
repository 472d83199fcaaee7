import { SluiceError } from '../errors.js';
import { pointerTo } from '../json/pointer.js';
import { briefJson } from '../json/stringify-json.js';

/** Throws BAD_REQUEST for an unknown key: a misspelled option must not be silently ignored. `where` names the place. */
export function refuseUnknownKeys(given: object, known: readonly string[], where: string): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const expected = known.join(', ');
  const message = `${where} has the unknown key ${briefJson(unknown)}; it may have ${expected}`;
  throw new SluiceError('BAD_REQUEST', message, { pointer: pointerTo('', unknown.slice(0, 200)), expected });
}
