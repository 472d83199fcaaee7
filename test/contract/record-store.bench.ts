import { randomUUID } from 'node:crypto';
import type { PageKey, RecordFilter, RecordOrder } from '../../src/domain/query/record-query.js';
import { EVERYTHING } from '../../src/domain/query/record-query.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import type { Row, RowWrite } from '../../src/ports/row-writes.js';
import { COLUMNS } from './record-store.rows.js';

/** The store under test and the generation of the current test, with steps that tests share. */
export class StoreBench {
  generation = '';

  constructor(readonly store: RecordStore) {}

  async newGeneration(): Promise<string> {
    const made = `rows_${randomUUID()}_1`;
    await this.store.createGeneration(made, COLUMNS);
    return made;
  }

  /** Writes as the lane's owner and waits until queries see it. */
  async write(writes: readonly RowWrite[], into = this.generation): Promise<void> {
    await this.store.writeRows(into, writes, () => undefined);
    await this.store.refresh(into);
  }

  /** All rows that match, in pages of `limit`. */
  async walk(
    filter: RecordFilter = EVERYTHING,
    order: readonly RecordOrder[] = [],
    limit = 7,
    from = this.generation,
  ): Promise<Row[]> {
    const rows: Row[] = [];
    let after: PageKey | undefined;
    for (;;) {
      const page = await this.store.readPage(from, { filter, order, limit, ...(after && { after }) });
      rows.push(...page.rows);
      if (!page.hasNext) return rows;
      after = page.end ?? undefined;
    }
  }

  async ids(filter: RecordFilter = EVERYTHING, order: readonly RecordOrder[] = []): Promise<string[]> {
    return (await this.walk(filter, order)).map(({ id }) => id);
  }

  count(filter: RecordFilter = EVERYTHING): Promise<number> {
    return this.store.count(this.generation, filter);
  }
}
