import { EVERYTHING } from '../../src/domain/query/record-query.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import type { RowWrite } from '../../src/ports/row-writes.js';
import type { Calls } from '../support/port-calls.js';
import { COLUMNS, hidden, row, tombstone } from './record-store.rows.js';

const GENERATION = 'rows_queries_1';
const ROWS = 1_000;
/** One in so many rows of the generation is a tombstone, and as many are hidden records. */
const A_TOMBSTONE = 20;

const idOf = (n: number) => `r${String(n).padStart(5, '0')}`;

/**
 * Calls of every method of a record store, with what the service itself asks, in an order in which each finds what it needs: rows are in a generation that is made first and dropped
 * last, and which was written in several goes.
 */
export function recordStoreCalls(store: () => RecordStore): Omit<Calls<RecordStore>, 'sizeOf' | 'silence'> {
  const stored = (n: number, version = 1) => ({ ...row(idOf(n), { c1: 'x', c2: n }, version), source: '{}' });
  const write = async (writes: readonly RowWrite[]) => {
    await store().writeRows(GENERATION, writes, () => undefined);
    await store().refresh(GENERATION);
  };
  const rows = (first: number) => Array.from({ length: ROWS / 2 }, (_, n) => stored(2 * n + first));
  const tombstones = Array.from({ length: ROWS / A_TOMBSTONE }, (_, n) => tombstone(idOf(A_TOMBSTONE * n + 10), 2));
  const hiddenRecords = Array.from({ length: ROWS / A_TOMBSTONE }, (_, n) =>
    hidden(idOf(A_TOMBSTONE * n + 15), 2, '{}'),
  );
  const ids = [idOf(3), idOf(990), 'none'];
  return {
    createGeneration: () => store().createGeneration(GENERATION, COLUMNS),
    writeRows: async () => {
      await write(rows(0));
      await write(rows(1));
      await write([stored(1, 2), stored(2, 0), stored(ROWS + 1), ...tombstones, ...hiddenRecords]);
    },
    refresh: () => store().refresh(GENERATION),
    readPage: async () => {
      const page = { filter: EVERYTHING, order: [], limit: 50 };
      await store().readPage(GENERATION, page);
      for (const n of [49, 480, 940, ROWS + 1])
        await store().readPage(GENERATION, { ...page, after: { rowId: idOf(n), values: [] } });
    },
    readRows: () => store().readRows(GENERATION, ids),
    readValues: () => store().readValues(GENERATION, idOf(3)),
    readValuesOf: () => store().readValuesOf(GENERATION, ids, ['c1']),
    readSources: () => store().readSources(GENERATION, ids),
    // Half of the rows have more than the second limit of bytes.
    scan: async () => {
      for (const maxBytes of [1_000_000, 2_500])
        for (const after of ['', idOf(480)])
          await store().scan(GENERATION, EVERYTHING, after, { maxRows: 50, maxBytes });
    },
    scanHidden: async () => {
      for (const maxBytes of [1_000_000, 150])
        for (const after of ['', idOf(500), idOf(990)])
          await store().scanHidden(GENERATION, after, { maxRows: 3, maxBytes });
    },
    scanTombstones: async () => {
      for (const after of ['', idOf(500), idOf(990)]) await store().scanTombstones(GENERATION, after, 3);
    },
    sweepTombstones: () => store().sweepTombstones(GENERATION, -60_000),
    count: () => store().count(GENERATION, EVERYTHING),
    ownGenerations: () => store().ownGenerations(),
    dropGeneration: () => store().dropGeneration(GENERATION),
  };
}
