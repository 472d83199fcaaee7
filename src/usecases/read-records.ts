import type { Dataset } from '../domain/dataset.js';
import { publicValues } from '../domain/design/convert-record.js';
import type { Column } from '../domain/design/design.js';
import { decodeCursor, encodeCursor } from '../domain/query/cursor.js';
import { parseFilter, type RecordFilterInput } from '../domain/query/parse-filter.js';
import { parseOrder, type RecordOrderInput } from '../domain/query/parse-order.js';
import { checkedFirst } from './checks.js';
import type { Deps } from './deps.js';

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
 * applied has no rows. Throws BAD_REQUEST for a filter, order or cursor that does not fit, CURSOR_EXPIRED for one of a generation that is gone.
 */
export function readRecords({ catalog, records }: Pick<Deps, 'catalog' | 'records'>) {
  return async (dataset: Dataset, request: ReadRecordsRequest): Promise<RecordPage> => {
    const limit = checkedFirst(request.first);
    const { generation } = dataset;
    const columns = await readableColumns(catalog, dataset);
    const filter = parseFilter(request.where ?? {}, columns);
    const order = parseOrder(request.orderBy ?? [], columns);
    if (generation === null) return { nodes: [], hasNextPage: false, endCursor: null, totalCount: async () => 0 };
    const scope = { generation, order };
    const after = request.after === undefined ? undefined : decodeCursor(request.after, scope);
    const totalCount = () => records.count(generation, filter);
    if (limit === 0) return { nodes: [], hasNextPage: false, endCursor: null, totalCount };
    const page = await records.readPage(generation, { filter, order, limit, ...(after && { after }) });
    return {
      nodes: page.rows.map((row) => ({
        id: row.id,
        recordId: row.recordId,
        values: publicValues(columns, row.values),
        savedAt: row.savedAt,
      })),
      hasNextPage: page.hasNext,
      endCursor: page.end === null ? null : encodeCursor(page.end, scope),
      totalCount,
    };
  };
}

async function readableColumns(catalog: Deps['catalog'], dataset: Dataset): Promise<readonly Column[]> {
  const revision = dataset.appliedRevision ?? dataset.draftRevision;
  const design = await catalog.findDesign(dataset.id, revision);
  return design?.columns ?? [];
}
