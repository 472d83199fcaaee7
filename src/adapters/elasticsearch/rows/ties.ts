import type { RecordFilter, StoredColumn } from '../../../domain/query/record-query.js';
import { RecordStoreError } from '../../../ports/record-store.js';
import { fieldOf } from '../generation-index.js';
import type { OpenIndex } from '../open-indices.js';
import { type Query, terms } from './queries.js';
import { liesIn, type Range, type RangeCondition, rangeOf } from './range.js';
import { circlesIn, pointsOnRims } from './rims.js';
import { NO_ROW, type RowSource } from './row-source.js';
import { searchRows } from './search-rows.js';
import { hashOf, indexedForm, isLongerThanHead, PARTS_FIELD } from './text-forms.js';

/**
 * Queries for what the index alone cannot decide, by the condition that it belongs to.
 * - For a range with an end that is longer than the indexed part of a text: those texts in the range that have the same head as that end. For all other texts the indexed part
 *   decides.
 * - For a circle: those points in the circle that are on its rim.
 */
export type Ties = ReadonlyMap<RecordFilter, Query>;

export const NO_TIES: Ties = new Map();

/** The most texts that are read for all ends of a filter; a query may have 65,536 terms. */
const MAX_TEXTS = 2_000;
const ROWS_AT_ONCE = 1_000;
const BYTES_AT_ONCE = 16 * 1024 * 1024;

/** The texts of a column that have a certain form. */
interface Candidates {
  readonly column: StoredColumn;
  readonly form: string;
  readonly among: Query;
}

/** A range, and the head that some texts share with one of its ends. */
interface Tie {
  readonly condition: RangeCondition;
  readonly range: Range;
  readonly form: string;
}

/**
 * Reads the whole texts of the rows `among` that have the same head as an end of a range in the filter, and the points on the rims of its circles. If the filter has neither, it sends no
 * request. A row that is written between this read and the query counts with its old value. Throws QUERY_REFUSED for too many of them.
 */
export async function findTies(
  index: OpenIndex,
  filter: RecordFilter,
  among: Query = { bool: { must_not: NO_ROW } },
): Promise<Ties> {
  const circles = circlesIn(filter);
  const texts = await tiedTexts(index, filter, among);
  return circles.length === 0 ? texts : new Map([...texts, ...(await pointsOnRims(index, circles, among))]);
}

async function tiedTexts(index: OpenIndex, filter: RecordFilter, among: Query): Promise<Ties> {
  const ties = [...tiesIn(filter)];
  if (ties.length === 0) return NO_TIES;
  const found = new Map<RecordFilter, Set<string>>(ties.map(({ condition }) => [condition, new Set()]));
  let left = MAX_TEXTS;
  for (const { condition, range, form } of ties) {
    const { column } = condition;
    for await (const text of textsOfForm(index, { column, form, among })) {
      left -= 1;
      if (left < 0) throw tooMany();
      if (liesIn(text, range)) found.get(condition)?.add(hashOf(column.storedKey, text));
    }
  }
  return new Map([...found].map(([condition, hashes]) => [condition, terms(PARTS_FIELD, [...hashes])]));
}

function* tiesIn(filter: RecordFilter): Generator<Tie> {
  if (filter.kind === 'AND' || filter.kind === 'OR') for (const one of filter.filters) yield* tiesIn(one);
  else if (filter.kind === 'NOT') yield* tiesIn(filter.filter);
  else if (filter.kind === 'COMPARE' || filter.kind === 'BETWEEN') {
    const range = rangeOf(filter);
    const forms = Object.values(range).flatMap((end) =>
      typeof end === 'string' && isLongerThanHead(end) ? [indexedForm(end)] : [],
    );
    for (const form of new Set(forms)) yield { condition: filter, range, form };
  }
}

/** An array may also have texts of other forms. */
async function* textsOfForm(index: OpenIndex, { column, form, among }: Candidates): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const filter = [among, { term: { [fieldOf(column)]: form } }];
    const { hits, more } = await searchRows(index, {
      query: { bool: { filter } },
      sort: [{ i: 'asc' }],
      after,
      limit: ROWS_AT_ONCE,
      maxBytes: BYTES_AT_ONCE,
      read: ['i', column.storedKey, `x.${column.storedKey}`],
    });
    for (const { source } of hits) {
      for (const text of textsOf(source, column))
        if (typeof text === 'string' && isLongerThanHead(text) && indexedForm(text) === form) yield text;
      after = source.i;
    }
    if (!more) return;
  }
}

function textsOf(source: RowSource, { storedKey }: StoredColumn): readonly unknown[] {
  // A text may be equal to its form; then only its field has it.
  return [source.x?.[storedKey] ?? source[storedKey as `c${number}`]].flat();
}

function tooMany(): RecordStoreError {
  const message = `more than ${MAX_TEXTS} texts of a column have the same first 7,000 characters as a text that where or the cursor compares them with; use a shorter text, narrow where, or order by another column`;
  return new RecordStoreError('QUERY_REFUSED', message);
}
