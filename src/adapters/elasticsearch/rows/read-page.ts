import { compareRows, placeOfRow } from '../../../domain/query/compare-rows.js';
import {
  EVERYTHING,
  type PageKey,
  type PageQuery,
  type RecordFilter,
  type RecordOrder,
} from '../../../domain/query/record-query.js';
import { RecordStoreError, type RowPage } from '../../../ports/record-store.js';
import type { Row } from '../../../ports/row-writes.js';
import { fieldOf } from '../generation-index.js';
import type { OpenIndex } from '../open-indices.js';
import { toQuery } from './row-filter.js';
import { rowsAfter, sameValues, sortOf } from './row-page.js';
import { type RowHit, toRow } from './row-source.js';
import { rowsById } from './rows-by-id.js';
import { searchRows } from './search-rows.js';
import { indexedForm, isLongerThanHead } from './text-forms.js';
import { findTies, type Ties } from './ties.js';

const PAGE_BYTES = 16 * 1024 * 1024;
/** The most rows that are sorted here because their order depends on whole texts. */
const MAX_TIED_ROWS = 2_000;
const MAX_TIED_BYTES = 64 * 1024 * 1024;

/** A row, and its place in the order. */
interface PlacedRow {
  readonly row: Row;
  readonly bytes: number;
  readonly place: PageKey;
}

/** The rows that a page can still take. */
interface Rest {
  readonly filter: RecordFilter;
  readonly ties: Ties;
}

/**
 * Reads one page of the rows that match. Throws QUERY_REFUSED if more rows have the same indexed parts of their texts than can be sorted here.
 */
export async function readPage(index: OpenIndex, query: PageQuery): Promise<RowPage> {
  const { filter, order, after, limit } = query;
  if (order.length > 0) return pageInOrder(index, query);
  const limits = { limit, maxBytes: PAGE_BYTES, read: 'VALUES' as const };
  const { hits, more } = await rowsById(index, filter, after?.rowId ?? '', limits);
  return toPage(
    hits.map((hit) => placed(hit, order)),
    more,
  );
}

/**
 * Elasticsearch sorts by the indexed parts of texts. Rows with the same indexed parts are adjacent in its order; such a group of rows is read completely and sorted
 * here.
 */
async function pageInOrder(index: OpenIndex, { filter, order, after, limit }: PageQuery): Promise<RowPage> {
  const ties = await findTies(index, filter);
  const all = toQuery(filter, ties);
  const taken: PlacedRow[] = [];
  let bytes = 0;
  let position = after;
  for (;;) {
    const later = position ? rowsAfter(position, order) : EVERYTHING;
    const rest: Rest = {
      filter: { kind: 'AND', filters: [filter, later] },
      ties: new Map([...ties, ...(await findTies(index, later, all))]),
    };
    const limits = { limit: Math.max(1, limit - taken.length), maxBytes: PAGE_BYTES };
    const search = { query: toQuery(rest.filter, rest.ties), sort: sortOf(order), read: 'VALUES' as const, ...limits };
    const { hits, more } = await searchRows(index, search);
    const found = hits.map((hit) => placed(hit, order));
    const tied = firstTied(found, more);
    const [first] = found;
    const next = tied === 0 && first ? await readGroup(index, rest, order, first) : found.slice(0, tied);
    for (const one of next) {
      bytes += one.bytes;
      if (taken.length === limit || (taken.length > 0 && bytes > PAGE_BYTES)) return toPage(taken, true);
      taken.push(one);
    }
    if (tied === undefined) return toPage(taken, more);
    position = taken.at(-1)?.place;
  }
}

function toPage(taken: readonly PlacedRow[], hasNext: boolean): RowPage {
  return { rows: taken.map(({ row }) => row), end: taken.at(-1)?.place ?? null, hasNext };
}

function placed(hit: RowHit, order: readonly RecordOrder[]): PlacedRow {
  const row = toRow(hit);
  return { row, bytes: hit.source.b ?? 0, place: placeOfRow(row.id, row.values, order) };
}

/** The first row that is in a group with the next row, or may be if the next row was not read. */
function firstTied(found: readonly PlacedRow[], more: boolean): number | undefined {
  const index = found.findIndex(({ place }, at) => {
    const level = levelOfTie(place);
    if (level === -1) return false;
    const next = found[at + 1];
    return next ? areTied(place, next.place, level) : more;
  });
  return index === -1 ? undefined : index;
}

/** The first column of the order in which a row has a text whose indexed part other rows may share. */
function levelOfTie({ values }: PageKey): number {
  return values.findIndex((value) => typeof value === 'string' && isLongerThanHead(value));
}

function areTied(one: PageKey, other: PageKey, level: number): boolean {
  return one.values.slice(0, level + 1).every((value, index) => {
    const its = other.values[index] ?? null;
    if (index < level) return value instanceof Date ? value.getTime() === Number(its) : value === its;
    return typeof its === 'string' && isLongerThanHead(its) && indexedForm(its) === indexedForm(String(value));
  });
}

/** Reads all rows of a row's group, in order. */
async function readGroup(
  index: OpenIndex,
  { filter, ties }: Rest,
  order: readonly RecordOrder[],
  { place }: PlacedRow,
): Promise<PlacedRow[]> {
  const level = levelOfTie(place);
  const same = sameValues(place.values, order.slice(0, level));
  const column = order[level]?.column;
  const ofForm = column ? [{ term: { [fieldOf(column)]: indexedForm(String(place.values[level])) } }] : [];
  const query = toQuery({ kind: 'AND', filters: [filter, ...same] }, ties, ...ofForm);
  const limits = { limit: MAX_TIED_ROWS, maxBytes: MAX_TIED_BYTES };
  const { hits, more } = await searchRows(index, { query, sort: sortOf([]), read: 'VALUES' as const, ...limits });
  if (more) throw tooManyTied();
  return hits.map((hit) => placed(hit, order)).sort((a, b) => compareRows(a.place, b.place, order));
}

function tooManyTied(): RecordStoreError {
  const message = `orderBy names a column in which more than ${MAX_TIED_ROWS} rows, or ${MAX_TIED_BYTES / 1024 / 1024} MB of them, have texts with the same first 7,000 characters; narrow where, or order by another column`;
  return new RecordStoreError('QUERY_REFUSED', message);
}
