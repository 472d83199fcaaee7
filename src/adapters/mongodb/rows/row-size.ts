import type { StoredValue, StoredValues } from '../../../domain/design/stored-value.js';
import { INDEXED_CODE_POINTS } from '../../../domain/query/indexed-text.js';
import { isArray } from './row-document.js';

/** What a value takes beside its own bytes. */
const VALUE_OVERHEAD = 16;
/** What the indexed form of a long text takes beside the text. */
const INDEXED_BYTES = 4 * INDEXED_CODE_POINTS + 100;

/** An estimate from above of the bytes a row's values take in its document: exact sizes matter only near the limit. */
export function sizeOfRow(values: StoredValues): number {
  let bytes = 0;
  for (const key in values) bytes += VALUE_OVERHEAD + key.length + sizeOfValue(values[key] ?? '');
  return bytes;
}

function sizeOfValue(value: StoredValue): number {
  if (typeof value === 'string') return sizeOfText(value);
  if (!isArray(value)) return 8;
  let bytes = 0;
  let someLong = false;
  for (const one of value) {
    bytes += VALUE_OVERHEAD + (typeof one === 'string' ? sizeOfText(one) : 8);
    someLong ||= typeof one === 'string' && one.length > INDEXED_CODE_POINTS;
  }
  // Where one element is long, the others stand there twice as well.
  return someLong ? 2 * bytes : bytes;
}

function sizeOfText(text: string): number {
  return text.length <= INDEXED_CODE_POINTS ? 3 * text.length : Buffer.byteLength(text) + INDEXED_BYTES;
}
