import type { StoredValues } from '../../domain/design/stored-value.js';
import { compareRows, placeOfRow } from '../../domain/query/compare-rows.js';
import { satisfies } from '../../domain/query/evaluate-filter.js';
import type { RecordFilter } from '../../domain/query/record-query.js';
import { rowOf } from '../../ports/plain-write.js';
import { type RecordStore, RecordStoreError } from '../../ports/record-store.js';
import type { HiddenRecord, Row, RowWrite, Tombstone } from '../../ports/row-writes.js';

const PAGE_BYTES = 16 * 1024 * 1024;

/** Nobody encodes rows for this store. */
type Written = Row | HiddenRecord | Tombstone;
type StoredWrite = Written & { writtenAt: number };

/** A simple record store in memory, with which the real ones are compared. */
export function memoryRecordStore(): RecordStore {
  const generations = new Map<string, Map<string, StoredWrite>>();

  function writesOf(generation: string) {
    const writes = generations.get(generation);
    if (!writes) throw new RecordStoreError('GENERATION_MISSING', `there is no generation ${generation}`);
    return writes;
  }

  function rowsOf(generation: string, filter: RecordFilter): Row[] {
    const stored = [...writesOf(generation).values()];
    return stored.flatMap(({ writtenAt: _, ...write }) =>
      isRow(write) && satisfies(write.values, filter) ? [write] : [],
    );
  }

  return {
    limits: { maxRowBytes: 15 * 1024 * 1024 },
    encoding: null,
    sizeOf: (values) => Buffer.byteLength(JSON.stringify(values)),
    silence: () => null,
    async createGeneration(generation) {
      if (!generations.has(generation)) generations.set(generation, new Map());
    },
    async dropGeneration(generation) {
      generations.delete(generation);
    },
    ownGenerations: async () => [...generations.keys()],
    async writeRows(generation, rows, stillOwned) {
      stillOwned();
      const stored = writesOf(generation);
      for (const write of rows) {
        const before = stored.get(write.id);
        if (!before || before.version < write.version) stored.set(write.id, toStored(write));
      }
      return [];
    },
    refresh: async () => undefined,
    async readPage(generation, { filter, order, after, limit }) {
      const placed = rowsOf(generation, filter).map((row) => ({ row, place: placeOfRow(row.id, row.values, order) }));
      placed.sort((a, b) => compareRows(a.place, b.place, order));
      const rest = after ? placed.filter(({ place }) => compareRows(place, after, order) > 0) : placed;
      const page = fitting(rest.slice(0, limit), ({ row }) => row.values, PAGE_BYTES);
      return {
        rows: page.map(({ row: { source: _, ...row } }) => row),
        end: page.at(-1)?.place ?? null,
        hasNext: rest.length > page.length,
      };
    },
    async readValues(generation, id) {
      const stored = writesOf(generation).get(id);
      return stored && isRow(stored) ? stored.values : null;
    },
    async readRows(generation, ids) {
      const stored = writesOf(generation);
      return ids.flatMap((id) => {
        const write = stored.get(id);
        if (!write) return [];
        const bytes = Buffer.byteLength(JSON.stringify(write));
        const rowCount = isRow(write) ? write.rowCount : 0;
        return [{ id, version: write.version, rowCount, hidden: 'hidden' in write, bytes }];
      });
    },
    async readSources(generation, ids) {
      const stored = writesOf(generation);
      return new Map(
        ids.flatMap((id): [string, string][] => {
          const write = stored.get(id);
          return write && !('deleted' in write) && write.source !== undefined ? [[id, write.source]] : [];
        }),
      );
    },
    async readValuesOf(generation, ids, storedKeys) {
      const stored = writesOf(generation);
      const rows = ids.flatMap((id) => stored.get(id) ?? []).filter(isRow);
      return new Map(rows.map(({ id, values }) => [id, pick(values, storedKeys)]));
    },
    async scan(generation, filter, after, { maxRows }) {
      const rows = rowsOf(generation, filter).filter(({ id }) => id > after);
      return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, maxRows);
    },
    async scanHidden(generation, after, { maxRows, maxBytes }) {
      const found = [...writesOf(generation).values()].flatMap(({ writtenAt: _, ...one }): HiddenRecord[] =>
        'hidden' in one && one.id > after ? [one] : [],
      );
      const next = found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, maxRows);
      return fitting(next, (one) => one, maxBytes);
    },
    async scanTombstones(generation, after, maxRows) {
      const found = [...writesOf(generation).values()].flatMap((one): Tombstone[] =>
        'deleted' in one && one.id > after ? [{ id: one.id, version: one.version, deleted: true }] : [],
      );
      return found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, maxRows);
    },
    count: async (generation, filter) => rowsOf(generation, filter).length,
    async sweepTombstones(generation, olderThanMs) {
      const stored = generations.get(generation) ?? new Map<string, StoredWrite>();
      const old = [...stored.values()].filter((one) => 'deleted' in one && one.writtenAt < Date.now() - olderThanMs);
      for (const { id } of old) stored.delete(id);
      return old.length;
    },
  };
}

function toStored(write: RowWrite): StoredWrite {
  if ('encoded' in write) throw new TypeError(`row ${write.id} is encoded for another record store`);
  const row = 'plain' in write ? rowOf(write) : write;
  const { isStored: _, ...written } = row as Written & { readonly isStored?: boolean };
  return { ...written, writtenAt: Date.now() };
}

function pick(values: StoredValues, keys: readonly string[]): StoredValues {
  return Object.fromEntries(keys.map((key) => [key, values[key]]));
}

function isRow<T extends Written>(write: T): write is T & Row {
  return !('deleted' in write || 'hidden' in write);
}

/** The first ones whose content has so many bytes; at least one. */
function fitting<T>(all: readonly T[], contentOf: (one: T) => object, maxBytes: number): readonly T[] {
  let bytes = 0;
  const tooMany = all.findIndex((one, index) => {
    bytes += Buffer.byteLength(JSON.stringify(contentOf(one)));
    return index > 0 && bytes > maxBytes;
  });
  return tooMany === -1 ? all : all.slice(0, tooMany);
}
