import type { Dataset } from '../domain/dataset.js';
import { compileLinks, type FinishedLink } from '../domain/design/column-link.js';
import { publicValues } from '../domain/design/convert-record.js';
import type { Column } from '../domain/design/design.js';
import { SluiceError } from '../domain/errors.js';
import { cursorExpired, decodeCursor, encodeCursor, isCursorOf } from '../domain/query/cursor.js';
import { parseFilter, type RecordFilterInput } from '../domain/query/parse-filter.js';
import { parseOrder, type RecordOrderInput } from '../domain/query/parse-order.js';
import { RecordStoreError } from '../ports/record-store.js';
import { checkedFirst } from './checks.js';
import type { Deps } from './deps.js';
import { positionOf } from './page-position.js';

export interface ReadRecordsRequest {
  readonly where?: RecordFilterInput;
  readonly orderBy?: readonly RecordOrderInput[];
  readonly first: number;
  readonly after?: string;
}

/** One stored row as users see it; values by column id. */
export interface PublicRecord {
  readonly id: string;
  readonly recordId: string;
  readonly values: Record<string, unknown>;
  /** By column id. */
  readonly links: Record<string, FinishedLink>;
  readonly savedAt: Date;
}

export interface RecordPage {
  readonly nodes: readonly PublicRecord[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  /** Rows that match, on every page; asked for only when it is called. */
  readonly totalCount: () => Promise<number>;
}

/**
 * One page of a dataset's rows by keyset: a row that exists unchanged through the whole walk comes exactly once. A dataset that was never
 * applied has no rows. Throws BAD_REQUEST for a filter, order or cursor that does not fit, CURSOR_EXPIRED for a cursor whose generation is gone, or holds records that a
 * committed delete has ended, STORE_UNAVAILABLE when the rows themselves are gone from the record store.
 */
export function readRecords(deps: Pick<Deps, 'catalog' | 'records' | 'generations'>) {
  const { records, generations } = deps;
  return async (dataset: Dataset, request: ReadRecordsRequest): Promise<RecordPage> => {
    const limit = checkedFirst(request.first);
    const { generation, columns } = await readableRows(deps, dataset, request.after);
    const finishLinks = compileLinks(columns);
    const filter = parseFilter(request.where ?? {}, columns);
    const order = parseOrder(request.orderBy ?? [], columns);
    if (generation === null) return { nodes: [], hasNextPage: false, endCursor: null, totalCount: async () => 0 };
    const scope = { generation, order };
    const cursor = request.after === undefined ? undefined : decodeCursor(request.after, scope);
    const found = <T>(request: Promise<T>) =>
      request.catch((error) => refuseLost(deps.catalog, dataset, generation, error));
    const read = async <T>(request: Promise<T>): Promise<T> => {
      const result = await found(request);
      // Looked at after the read: a delete may have committed meanwhile, and what it ended must not be shown.
      if (cursor !== undefined && !(await generations.isReadable(generation))) throw cursorExpired();
      return result;
    };
    const totalCount = () => read(records.count(generation, filter));
    if (limit === 0) return { nodes: [], hasNextPage: false, endCursor: null, totalCount };
    const after = cursor && (await found(positionOf(records, { generation, filter, order, cursor })));
    const page = await read(records.readPage(generation, { filter, order, limit, ...(after && { after }) }));
    if (dataset.status === 'FAILED') await deps.catalog.recordFoundRows(dataset.id, generation);
    return {
      nodes: page.rows.map(({ id, recordId, savedAt, values: stored }) => {
        const values = publicValues(columns, stored);
        return { id, recordId, values, links: finishLinks(values), savedAt };
      }),
      hasNextPage: page.hasNext,
      endCursor: page.end === null ? null : encodeCursor(page.end, scope),
      totalCount,
    };
  };
}

interface ReadableRows {
  /** Null before the first apply. */
  readonly generation: string | null;
  readonly columns: readonly Column[];
}

/** What the dataset is read from now; for a cursor, the generation it was begun in, as long as that is read. */
async function readableRows(
  { catalog, generations }: Pick<Deps, 'catalog' | 'generations'>,
  { id, generation, appliedRevision, draftRevision }: Dataset,
  cursor: string | undefined,
): Promise<ReadableRows> {
  const begun =
    cursor !== undefined && generation !== null && !isCursorOf(cursor, generation)
      ? (await generations.retired(id)).find((one) => isCursorOf(cursor, one.generation))
      : undefined;
  const design = await catalog.findDesign(id, begun?.revision ?? appliedRevision ?? draftRevision);
  return { generation: begun?.generation ?? generation, columns: design?.columns ?? [] };
}

/** The rows of a generation are gone: of the dataset's own, which is noted, or of one that only a cursor reads still. */
async function refuseLost(
  catalog: Pick<Deps['catalog'], 'recordLostRows'>,
  { id, generation: current }: Dataset,
  generation: string,
  cause: unknown,
): Promise<never> {
  if (!(cause instanceof RecordStoreError) || cause.code !== 'GENERATION_MISSING') throw cause;
  if (generation !== current) throw cursorExpired({ cause });
  await catalog.recordLostRows(id, generation);
  const message = `the rows of dataset ${id} are gone from the record store; rebuildDataset makes them again from the push log`;
  throw new SluiceError('STORE_UNAVAILABLE', message, {}, { cause });
}
