import { hash } from 'node:crypto';
import { z } from 'zod';
import type { StoredValues } from '../design/stored-value.js';
import { SluiceError } from '../errors.js';
import { placeOfRow } from './compare-rows.js';
import type { PageKey, QueryValue, RecordOrder } from './record-query.js';

/** What a cursor belongs to: it is valid only for the same generation and the same order. */
export interface CursorScope {
  readonly generation: string;
  readonly order: readonly RecordOrder[];
}

/** What a cursor has of a text that is too long for it. The whole text is in the row at which the page ended. */
export interface AbridgedText {
  /** The beginning of the text: {@link MAX_CURSOR_TEXT} UTF-16 units, or one less. */
  readonly head: string;
  readonly hash: string;
}

/** The end of a page, as in a cursor. */
export interface CursorKey {
  readonly rowId: string;
  readonly values: readonly (QueryValue | AbridgedText | null)[];
}

/** The most characters of a cursor: ten texts of {@link MAX_CURSOR_TEXT} units, each six characters in JSON, in base64. */
export const MAX_CURSOR = 600_000;
const MAX_ROW_ID = 100;
/** The most UTF-16 units of a text that a cursor contains in full. */
const MAX_CURSOR_TEXT = 7_000;
const sortValue = z.union([
  z.string().max(MAX_CURSOR_TEXT),
  z.number(),
  z.boolean(),
  z.null(),
  z.object({ date: z.number() }),
  z.object({ head: z.string().max(MAX_CURSOR_TEXT), hash: z.string().max(MAX_ROW_ID) }),
]);
const cursorForm = z.tuple([z.string(), z.string(), z.string().max(MAX_ROW_ID), z.array(sortValue)]);

/** Encodes the end of a page as an opaque text. */
export function encodeCursor({ rowId, values }: PageKey, { generation, order }: CursorScope): string {
  const plain = values.map((value) => {
    if (typeof value === 'string' && value.length > MAX_CURSOR_TEXT) return abridged(value);
    return value instanceof Date ? { date: value.getTime() } : value;
  });
  return Buffer.from(JSON.stringify([hashOf(generation), fingerprint(order), rowId, plain])).toString('base64url');
}

/** The error for a cursor whose rows can no longer be read. */
export function cursorExpired(options?: ErrorOptions): SluiceError {
  const message =
    'the rows that after belongs to have been deleted or replaced; read the first page again, without after';
  return new SluiceError('CURSOR_EXPIRED', message, { field: 'after' }, options);
}

/**
 * Decodes a cursor from {@link encodeCursor}. Throws BAD_REQUEST for any other text and for a cursor of another order, and CURSOR_EXPIRED for a cursor of another
 * generation.
 */
export function decodeCursor(text: string, { generation, order }: CursorScope): CursorKey {
  const parsed = cursorForm.safeParse(parsedJson(text));
  if (!parsed.success) throw fault('is not the endCursor of a page of records');
  const [ofGeneration, ofOrder, rowId, plain] = parsed.data;
  // Checked before the order: in another generation the same column may have another stored key.
  if (ofGeneration !== hashOf(generation)) throw cursorExpired();
  if (ofOrder !== fingerprint(order)) throw fault('belongs to another orderBy; keep the order while paging');
  const values = plain.map((value) => (isDate(value) ? new Date(value.date) : value));
  if (!order.every(({ column }, index) => fits(values[index], column.type)) || values.length !== order.length) {
    throw fault('does not hold values of the columns of orderBy');
  }
  return { rowId, values };
}

/** Whether a text is a cursor of this generation. */
export function isCursorOf(text: string, generation: string): boolean {
  const parsed = cursorForm.safeParse(parsedJson(text));
  return parsed.success && parsed.data[0] === hashOf(generation);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** Whether a value of a cursor is a text of which the cursor has only the beginning. */
export function isAbridged(value: CursorKey['values'][number] | undefined): value is AbridgedText {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

/** The end of a page with its texts in full, taken from `stored`, the current values of its row. Null if one of the texts has changed. */
export function wholeKey(key: CursorKey, stored: StoredValues, order: readonly RecordOrder[]): PageKey | null {
  const now = placeOfRow(key.rowId, stored, order).values;
  const values = key.values.map((value, index) => {
    const text = now[index];
    if (!isAbridged(value)) return value;
    return typeof text === 'string' && hashOfText(text) === value.hash ? text : undefined;
  });
  const isWhole = values.every((value) => value !== undefined);
  return isWhole ? { rowId: key.rowId, values } : null;
}

function abridged(text: string): AbridgedText {
  const head = text.slice(0, MAX_CURSOR_TEXT);
  return { head: head.isWellFormed() ? head : head.slice(0, -1), hash: hashOfText(text) };
}

/** The full hash, so that nobody can find two texts with the same one. */
function hashOfText(text: string): string {
  return hash('sha256', text, 'base64url');
}

function isDate(value: z.infer<typeof sortValue>): value is { date: number } {
  return typeof value === 'object' && value !== null && 'date' in value;
}

function fits(value: CursorKey['values'][number] | undefined, type: string): boolean {
  if (value === null) return true;
  if (value instanceof Date) return type === 'DATETIME' && !Number.isNaN(value.getTime());
  if (isAbridged(value)) return type === 'TEXT' && value.head.isWellFormed();
  if (typeof value === 'string' && !value.isWellFormed()) return false;
  return typeof value === { TEXT: 'string', NUMERIC: 'number', BOOLEAN: 'boolean' }[type];
}

function fingerprint(order: readonly RecordOrder[]): string {
  return hashOf(JSON.stringify(order.map(({ column, direction }) => [column.storedKey, direction])));
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 11);
}

function fault(what: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `after ${what}`, { field: 'after' });
}
