import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StoredValues } from '../design/stored-value.js';
import { SluiceError } from '../errors.js';
import { placeOfRow } from './compare-rows.js';
import type { PageKey, QueryValue, RecordOrder } from './record-query.js';

/** What a cursor belongs to: it goes on only in the same rows and the same order. */
export interface CursorScope {
  readonly generation: string;
  readonly order: readonly RecordOrder[];
}

/** What a cursor says of a text that is too long to stand in it; the row at which the page ended has it whole. */
export interface AbridgedText {
  /** What it begins with: {@link MAX_TEXT} UTF-16 units, or one less. */
  readonly head: string;
  readonly hash: string;
}

/** The end of a page as a cursor has it. */
export interface CursorKey {
  readonly rowId: string;
  readonly values: readonly (QueryValue | AbridgedText | null)[];
}

const MAX_ROW_ID = 100;
/** UTF-16 units of the longest text that stands in a cursor. */
const MAX_TEXT = 7_000;
const sortValue = z.union([
  z.string().max(MAX_TEXT),
  z.number(),
  z.boolean(),
  z.null(),
  z.object({ date: z.number() }),
  z.object({ head: z.string().max(MAX_TEXT), hash: z.string().max(MAX_ROW_ID) }),
]);
const cursorForm = z.tuple([z.string(), z.string(), z.string().max(MAX_ROW_ID), z.array(sortValue)]);

/** Writes the end of a page as an opaque text. */
export function encodeCursor({ rowId, values }: PageKey, { generation, order }: CursorScope): string {
  const plain = values.map((value) => {
    if (typeof value === 'string' && value.length > MAX_TEXT) return abridged(value);
    return value instanceof Date ? { date: value.getTime() } : value;
  });
  return Buffer.from(JSON.stringify([hashOf(generation), fingerprint(order), rowId, plain])).toString('base64url');
}

/** For a cursor whose rows are not read any longer. */
export function cursorExpired(options?: ErrorOptions): SluiceError {
  const message =
    'after belongs to rows that have been deleted or made again since; read the first page again, without after';
  return new SluiceError('CURSOR_EXPIRED', message, { field: 'after' }, options);
}

/**
 * Reads what {@link encodeCursor} wrote. Throws BAD_REQUEST for anything else and for a cursor of another order, CURSOR_EXPIRED for one whose
 * generation is not read any longer.
 */
export function decodeCursor(text: string, { generation, order }: CursorScope): CursorKey {
  const parsed = cursorForm.safeParse(parsedJson(text));
  if (!parsed.success) throw fault('is not the endCursor of a page of records');
  const [ofGeneration, ofOrder, rowId, plain] = parsed.data;
  // Before the order: a rebuilt design may keep the same column under another stored key.
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

/** Whether a value of a cursor is a text that does not stand in it whole. */
export function isAbridged(value: CursorKey['values'][number] | undefined): value is AbridgedText {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

/** The end of a page, its texts whole, as `stored` has them: the values of its row as they are now. Null where one is another text by now. */
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
  const head = text.slice(0, MAX_TEXT);
  return { head: head.isWellFormed() ? head : head.slice(0, -1), hash: hashOfText(text) };
}

/** The whole hash: nobody shall find two texts that have the same. */
function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
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
  return createHash('sha256').update(text).digest('base64url').slice(0, 11);
}

function fault(what: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `after ${what}`, { field: 'after' });
}
