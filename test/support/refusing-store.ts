import { expect } from '@jest/globals';
import type { DesignRules } from '../../src/domain/design/design.js';
import type { JsonValue } from '../../src/domain/json/json-value.js';
import type { RecordStore } from '../../src/ports/record-store.js';
import type { RowWrite } from '../../src/ports/row-writes.js';
import { CALLER, type Faults, type LaneBench } from './lane.js';
import { sentRecords } from './sent-records.js';

/** A dataset on a bench whose record store refuses some rows, and what has to be true of it behind that. */
export function refusingStore(bench: LaneBench) {
  /** The rows are gone, and made again from the push log by a record store that would take all of them. */
  async function rebuild(id: string): Promise<void> {
    await bench.records.dropGeneration((await bench.catalog.findDataset(id))?.generation ?? '');
    const { id: job } = await bench.useCases.rebuildDataset(id, CALLER);
    await bench.load(id);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1 });
  }

  async function stored(id: string) {
    const { records: values, rows } = await bench.contents(id);
    const { recordCount, rowCount } = await bench.reader.catalog.existingDataset(id);
    return { values: values.map(({ k, t, u }) => [k, t, u]).sort(), rows, recordCount, rowCount };
  }

  return {
    /** Refuses the rows whose `t` begins with `bad`, and, of those whose ids are given, the tombstones. */
    refusing(undeletable: readonly string[] = []): Faults {
      const isRefused = (write: RowWrite) =>
        'deleted' in write
          ? undeletable.includes(write.id)
          : 'values' in write && String(write.values.c2).startsWith('bad');
      const reasonOf = (write: RowWrite) => ('values' in write ? `no ${write.values.c2}` : 'no tombstone');
      const writeRows: RecordStore['writeRows'] = async (generation, writes, stillOwned) => {
        const all = [...writes];
        const taken = all.filter((write) => !isRefused(write));
        const rejected = await bench.records.writeRows(generation, taken, stillOwned);
        return [...rejected, ...all.filter(isRefused).map((write) => ({ id: write.id, reason: reasonOf(write) }))];
      };
      return { records: { writeRows } };
    },

    /** A dataset whose records are known by `k`. */
    async identified(rules: Partial<DesignRules> = {}): Promise<string> {
      const id = await bench.dataset({ k: 'a', t: 'x', u: 'x' }, rules);
      const columns = [{ id: 'k', uniqueIdentifier: true }];
      await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns }, CALLER);
      await bench.useCases.applyChanges(id, CALLER);
      await bench.load(id);
      return id;
    },

    /** A delete by identifiers, not loaded yet. */
    async remove(id: string, data: JsonValue): Promise<string> {
      const request = { datasetId: id, ...sentRecords(data) };
      return (await bench.useCases.deleteData.byIdentifiers(request, CALLER)).id;
    },

    quarantined: async (id: string) => (await bench.contents(id)).quarantined.map((one) => one.id),

    /** What is stored, as `k`, `t` and `u`, and that the dataset counts it exactly: now, and when it is lost and made again. */
    async expectStored(id: string, values: readonly (readonly (string | null)[])[]): Promise<void> {
      const exact = { values, rows: values.length, recordCount: values.length, rowCount: values.length };
      expect(await stored(id)).toEqual(exact);
      await rebuild(id);
      expect(await stored(id)).toEqual(exact);
    },
  };
}
