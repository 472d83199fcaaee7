import { SluiceError } from '../domain/errors.js';
import { type CursorKey, isAbridged, wholeKey } from '../domain/query/cursor.js';
import type { PageKey, QueryValue, RecordFilter, RecordOrder } from '../domain/query/record-query.js';
import { leastAfterPrefix } from '../domain/query/text-prefix.js';
import type { VisibleRows } from './visible-rows.js';

/** The most UTF-8 bytes of the texts from which a page continues: the request to the record store has them twice, along with a filter of up to 10 MB. */
const MAX_POSITION_BYTES = 2 * 1024 * 1024;

/** What a page continues from. */
interface PageOfCursor {
  readonly generation: string;
  readonly filter: RecordFilter;
  readonly order: readonly RecordOrder[];
  readonly cursor: CursorKey;
}

/**
 * Returns where a page ended. A cursor does not contain long texts, so they are read from the last row of the page. Throws CURSOR_EXPIRED if that row has changed
 * or is gone and other rows have texts with the same beginning, and BAD_REQUEST for texts of more than 2 MB.
 */
export async function positionOf(
  rows: VisibleRows,
  { generation, filter, order, cursor }: PageOfCursor,
): Promise<PageKey> {
  if (!cursor.values.some(isAbridged)) return { rowId: cursor.rowId, values: cursor.values.filter(isWhole) };
  const stored = await rows.readValues(generation, cursor.rowId);
  const key = stored && wholeKey(cursor, stored, order);
  if (key) return refuseLarge(key);
  const level = cursor.values.findIndex(isAbridged);
  const [column, text] = [order[level]?.column, cursor.values[level]];
  if (!column || !isAbridged(text)) throw positionLost();
  // Only rows with the same values in the earlier columns matter: others are ordered by those values.
  const same = cursor.values
    .slice(0, level)
    .filter(isWhole)
    .map((value, index) => sameAs(order[index], value));
  const end = leastAfterPrefix(text.head);
  const alike: RecordFilter[] = [{ kind: 'COMPARE', column, op: 'GTE', value: text.head }];
  if (end !== undefined) alike.push({ kind: 'COMPARE', column, op: 'LT', value: end });
  const count = await rows.count(generation, { kind: 'AND', filters: [filter, ...same, ...alike] });
  if (count > 0) throw positionLost();
  return { rowId: cursor.rowId, values: [...cursor.values.slice(0, level).filter(isWhole), text.head] };
}

function isWhole(value: CursorKey['values'][number]): value is QueryValue | null {
  return !isAbridged(value);
}

function sameAs(order: RecordOrder | undefined, value: QueryValue | null): RecordFilter {
  if (!order) return { kind: 'AND', filters: [] };
  const { column } = order;
  return value === null ? { kind: 'IS_NULL', column } : { kind: 'IN', column, values: [value] };
}

function positionLost(): SluiceError {
  const message =
    'the row at which the previous page ended has changed, and other rows have texts with the same beginning, so the next page cannot be found; start again without after';
  return new SluiceError('CURSOR_EXPIRED', message, { field: 'after' });
}

function refuseLarge(key: PageKey): PageKey {
  const bytes = key.values.reduce<number>(
    (sum, one) => sum + (typeof one === 'string' ? Buffer.byteLength(one) : 0),
    0,
  );
  if (bytes <= MAX_POSITION_BYTES) return key;
  const message = `the previous page ended at a row whose texts in the columns of orderBy have ${bytes} bytes; at most ${MAX_POSITION_BYTES} are allowed: order by other columns`;
  throw new SluiceError('BAD_REQUEST', message, {
    field: 'after',
    expected: `at most ${MAX_POSITION_BYTES} bytes of text`,
    actual: `${bytes} bytes`,
  });
}
