import type { Dataset } from '../domain/dataset.js';
import type { Column } from '../domain/design/column.js';
import { compileLinks } from '../domain/design/column-link.js';
import { sizeInMemory } from '../domain/design/size-in-memory.js';
import { valuesWriter } from '../domain/design/values-json.js';
import { SluiceError } from '../domain/errors.js';
import { placeOfRow } from '../domain/query/compare-rows.js';
import { cursorExpired, decodeCursor, encodeCursor, isCursorOf } from '../domain/query/cursor.js';
import { fittingRows, rowsWithin } from '../domain/query/page-values.js';
import { parseFilter, type RecordFilterInput } from '../domain/query/parse-filter.js';
import { parseOrder, type RecordOrderInput } from '../domain/query/parse-order.js';
import type { RecordOrder } from '../domain/query/record-query.js';
import { RecordStoreError, type RowPage } from '../ports/record-store.js';
import { checkedFirst } from './checks.js';
import type { Deps } from './deps.js';
import type { DesignColumns } from './design-columns.js';
import { positionOf } from './page-position.js';
import { PublicRecord } from './public-record.js';
import type { CallerRows, VisibleRows } from './visible-rows.js';

export interface ReadRecordsRequest {
  readonly where?: RecordFilterInput;
  readonly orderBy?: readonly RecordOrderInput[];
  readonly first: number;
  readonly after?: string;
}

export interface RecordPage {
  readonly nodes: readonly PublicRecord[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  /** About how many bytes its rows take in memory. */
  readonly bytes: number;
  /** Counts the matching rows of all pages; the count costs nothing unless this is called. */
  readonly totalCount: () => Promise<number>;
}

interface ReadDeps extends Pick<Deps, 'catalog' | 'generations'> {
  readonly designs: DesignColumns;
}

/** Reads and counts the rows that a caller sees. Throws FORBIDDEN if the caller sees no rows of the dataset. */
export function readRecords(deps: ReadDeps, callerRows: CallerRows) {
  const page = (dataset: Dataset, request: ReadRecordsRequest) => readPage(deps, callerRows, dataset, request);

  return {
    /**
     * Reads one page of a dataset's rows with keyset paging: a row that does not change while the pages are read is returned exactly once. A dataset that was never
     * applied has no rows. Throws BAD_REQUEST for a filter, order or cursor that does not fit; CURSOR_EXPIRED for a cursor whose generation is gone, or has records that
     * a committed delete removed from the dataset; STORE_UNAVAILABLE if the rows are missing from the record store.
     */
    page,

    /** How many rows the caller sees. */
    async rowCount(dataset: Dataset): Promise<number> {
      if (!callerRows.isRestricted(dataset.id)) return dataset.rowCount;
      return (await page(dataset, { first: 0 })).totalCount();
    },

    /** The columns that the caller can query and sees in rows; none before the first apply. Throws FORBIDDEN if it sees no rows. */
    async columns(dataset: Dataset): Promise<readonly Column[]> {
      const { rows } = await readableRows(deps, callerRows, dataset, undefined);
      return dataset.appliedRevision === null ? [] : rows.columns.filter(({ enabled }) => enabled);
    },

    /** How many records the dataset holds. Throws FORBIDDEN if the caller does not see all rows: the store counts rows, not the records that they belong to. */
    async recordCount(dataset: Dataset): Promise<number> {
      if (callerRows.isRestricted(dataset.id)) {
        const { rows } = await readableRows(deps, callerRows, dataset, undefined);
        if (!rows.areAll) throw recordsNotCounted();
      }
      return dataset.recordCount;
    },
  };
}

async function readPage(
  deps: ReadDeps,
  callerRows: CallerRows,
  dataset: Dataset,
  request: ReadRecordsRequest,
): Promise<RecordPage> {
  const limit = checkedFirst(request.first);
  const { generation, rows, columns } = await readableRows(deps, callerRows, dataset, request.after);
  const filter = parseFilter(request.where ?? {}, columns);
  const order = parseOrder(request.orderBy ?? [], columns);
  if (generation === null) return { ...NO_ROWS, totalCount: async () => 0 };
  const scope = { generation, order };
  const cursor = request.after === undefined ? undefined : decodeCursor(request.after, scope);
  const found = <T>(request: Promise<T>) =>
    request.catch((error) => refuseLost(deps.catalog, dataset, generation, error));
  const read = async <T>(request: Promise<T>): Promise<T> => {
    const result = await found(request);
    // Checked after the read: a delete may have committed meanwhile, and its records must not be shown.
    if (cursor !== undefined && !(await deps.generations.isReadable(generation))) throw cursorExpired();
    return result;
  };
  const totalCount = () => read(rows.count(generation, filter));
  if (limit === 0) return { ...NO_ROWS, totalCount };
  const after = cursor && (await found(positionOf(rows, { generation, filter, order, cursor })));
  const shown = columns.filter(({ enabled }) => enabled).length;
  const query = { filter, order, limit: rowsWithin(limit, shown), ...(after && { after }) };
  const page = shortened(await read(rows.readPage(generation, query)), shown, order);
  if (dataset.status === 'FAILED') await deps.catalog.recordFoundRows(dataset.id, generation);
  const showing = {
    columns,
    writeValues: compiledWhenUsed(() => valuesWriter(columns)),
    finishLinks: compiledWhenUsed(() => compileLinks(columns)),
  };
  return {
    nodes: page.rows.map((row) => new PublicRecord(row, showing)),
    hasNextPage: page.hasNext,
    endCursor: page.end === null ? null : encodeCursor(page.end, scope),
    bytes: sizeInMemory(page.rows.map(({ values }) => values)),
    totalCount,
  };
}

const NO_ROWS = { nodes: [], hasNextPage: false, endCursor: null, bytes: 0 };

/** The page without the rows with which it would have too many values. */
function shortened(page: RowPage, columns: number, order: readonly RecordOrder[]): RowPage {
  const rows = page.rows.slice(0, fittingRows(page.rows, columns));
  const last = rows.at(-1);
  if (!last || rows.length === page.rows.length) return page;
  return { rows, end: placeOfRow(last.id, last.values, order), hasNext: true };
}

/** Compiles a function of a design when it is first called. */
function compiledWhenUsed<V, R>(compile: () => (values: V) => R): (values: V) => R {
  let compiled: ((values: V) => R) | undefined;
  return (values) => {
    compiled ??= compile();
    return compiled(values);
  };
}

interface ReadableRows {
  /** Null before the first apply. */
  readonly generation: string | null;
  readonly rows: VisibleRows;
  /** Those that the caller sees, of the design that the generation was made by. */
  readonly columns: readonly Column[];
}

/**
 * The generation and columns to read: the current ones, or for a cursor those in which its first page was read, while that generation is kept. Permissions are compiled
 * with the applied design, because an older design could show what is hidden now. So for a restricted caller, the cursors of older generations have expired.
 */
async function readableRows(
  { designs, generations }: ReadDeps,
  callerRows: CallerRows,
  dataset: Dataset,
  cursor: string | undefined,
): Promise<ReadableRows> {
  const { id, generation, appliedRevision, draftRevision } = dataset;
  const begun =
    cursor !== undefined && generation !== null && !isCursorOf(cursor, generation)
      ? (await generations.retired(id)).find((one) => isCursorOf(cursor, one.generation))
      : undefined;
  if (begun && callerRows.isRestricted(id)) throw cursorExpired();
  const columns = await designs.of(dataset, begun?.revision ?? appliedRevision ?? draftRevision);
  const rows = callerRows.visible(id, columns);
  return { generation: begun?.generation ?? generation, rows, columns: rows.columns };
}

function recordsNotCounted(): SluiceError {
  const message = 'recordCount counts all records, and you do not see all rows of this dataset; read rowCount';
  return new SluiceError('FORBIDDEN', message, { field: 'recordCount' });
}

/** Handles an error of a read. If the dataset's current generation is missing, records that. If only a cursor still read the missing one, the cursor has expired. */
async function refuseLost(
  catalog: Pick<Deps['catalog'], 'recordLostRows'>,
  { id, generation: current }: Dataset,
  generation: string,
  cause: unknown,
): Promise<never> {
  if (!(cause instanceof RecordStoreError) || cause.code !== 'GENERATION_MISSING') throw cause;
  if (generation !== current) throw cursorExpired({ cause });
  await catalog.recordLostRows(id, generation);
  const message = `the rows of dataset ${id} are missing from the record store; rebuildDataset makes them again from the push log`;
  throw new SluiceError('STORE_UNAVAILABLE', message, {}, { cause });
}
