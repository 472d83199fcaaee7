import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SluiceError } from '../errors.js';
import { MAX_INDEXED_BYTES } from './indexed-text.js';
import type { PageKey, QueryValue, RecordOrder } from './record-query.js';

/** What a cursor belongs to: it goes on only in the same rows and the same order. */
export interface CursorScope {
  readonly generation: string;
  readonly order: readonly RecordOrder[];
}

const MAX_ROW_ID = 100;
const sortValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.object({ date: z.number() })]);
const cursorForm = z.tuple([z.string(), z.string(), z.string().max(MAX_ROW_ID), z.array(sortValue)]);

/** Writes the end of a page as an opaque text. */
export function encodeCursor({ rowId, values }: PageKey, { generation, order }: CursorScope): string {
  const plain = values.map((value) => (value instanceof Date ? { date: value.getTime() } : value));
  return Buffer.from(JSON.stringify([hashOf(generation), fingerprint(order), rowId, plain])).toString('base64url');
}

/** Of a cursor whose generation is not read any longer. */
export function cursorExpired(options?: ErrorOptions): SluiceError {
  const message = 'after belongs to rows that have been rebuilt since; start again without it';
  return new SluiceError('CURSOR_EXPIRED', message, { field: 'after' }, options);
}

/**
 * Reads what {@link encodeCursor} wrote. Throws BAD_REQUEST for anything else and for a cursor of another order, CURSOR_EXPIRED for one whose
 * generation is not read any longer.
 */
export function decodeCursor(text: string, { generation, order }: CursorScope): PageKey {
  const parsed = cursorForm.safeParse(parsedJson(text));
  if (!parsed.success) throw fault('is not the endCursor of a page of records');
  const [ofGeneration, ofOrder, rowId, plain] = parsed.data;
  // Before the order: a rebuilt design may keep the same column under another stored key.
  if (ofGeneration !== hashOf(generation)) throw cursorExpired();
  if (ofOrder !== fingerprint(order)) throw fault('belongs to another orderBy; keep the order while paging');
  const values = plain.map((value): QueryValue | null => (isDate(value) ? new Date(value.date) : value));
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

function isDate(value: z.infer<typeof sortValue>): value is { date: number } {
  return typeof value === 'object' && value !== null;
}

function fits(value: QueryValue | null | undefined, type: string): boolean {
  if (value === null) return true;
  if (value instanceof Date) return type === 'DATETIME' && !Number.isNaN(value.getTime());
  if (typeof value === 'string' && Buffer.byteLength(value) > MAX_INDEXED_BYTES) return false;
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
