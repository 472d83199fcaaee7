import type { Column } from '../domain/design/column.js';
import type { StoredValues } from '../domain/design/stored-value.js';
import { satisfiesInSlices } from '../domain/query/evaluate-filter.js';
import type { PageQuery, RecordFilter } from '../domain/query/record-query.js';
import type { Caller, RowView } from '../domain/security/caller.js';
import { inTurns } from '../event-loop/turns.js';
import type { RowPage, RowQueries } from '../ports/record-store.js';

/** The rows of all datasets as one caller sees them. Use cases query rows only through it. */
export class CallerRows {
  constructor(
    private readonly caller: Pick<Caller, 'access'>,
    private readonly queries: RowQueries,
  ) {}

  /** Whether permissions decide what the caller sees of the dataset's rows. */
  isRestricted(datasetId: string): boolean {
    return this.caller.access.restrictionOf(datasetId) !== null;
  }

  /** What the caller sees of a dataset whose applied design has these columns. Throws FORBIDDEN if it sees no rows. */
  visible(datasetId: string, columns: readonly Column[]): VisibleRows {
    const restriction = this.caller.access.restrictionOf(datasetId);
    return new VisibleRows(this.queries, restriction?.(columns) ?? { filter: null, columns });
  }
}

/** Makes the rows as a caller sees them. */
export type RowsFor = (caller: Pick<Caller, 'access'>) => CallerRows;

/** Readers get only the result, never the queries themselves: so a read that bypasses the caller's permissions does not compile. */
export function rowsFor(queries: RowQueries): RowsFor {
  return (caller) => new CallerRows(caller, queries);
}

/** A dataset's rows as one caller sees them. Invariant: a row that the caller does not see has no effect on any result. */
export class VisibleRows implements RowQueries {
  constructor(
    private readonly queries: RowQueries,
    private readonly view: RowView,
  ) {}

  /** The columns that the caller sees; only these may be shown, filtered or ordered by. */
  get columns(): readonly Column[] {
    return this.view.columns;
  }

  /** Which rows the caller sees; null for every row. */
  get filter(): RecordFilter | null {
    return this.view.filter;
  }

  /** Whether the caller sees every row. */
  get areAll(): boolean {
    return this.view.filter === null;
  }

  readPage(generation: string, query: PageQuery): Promise<RowPage> {
    return this.queries.readPage(generation, { ...query, filter: this.#narrowed(query.filter) });
  }

  async readValues(generation: string, id: string): Promise<StoredValues | null> {
    const { filter } = this.view;
    const values = await this.queries.readValues(generation, id);
    if (values === null || filter === null) return values;
    return (await inTurns(satisfiesInSlices(values, filter))) ? values : null;
  }

  count(generation: string, filter: RecordFilter): Promise<number> {
    return this.queries.count(generation, this.#narrowed(filter));
  }

  #narrowed(asked: RecordFilter): RecordFilter {
    const { filter } = this.view;
    return filter === null ? asked : { kind: 'AND', filters: [filter, asked] };
  }
}
