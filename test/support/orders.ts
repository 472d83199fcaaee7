import type { JsonObject } from '../../src/domain/json/json-value.js';
import type { Step } from '../../src/domain/transform/step-kinds.js';
import type { GivenTransformation } from '../../src/domain/transform/transformation.js';
import { CALLER, type OpenLaneBench } from './lane.js';
import { sentRecords } from './sent-records.js';

/** An order with one item for each of these. */
export function order(id: string, skus: readonly string[], state = 'open') {
  return { id, state, items: skus.map((sku) => ({ sku })) } satisfies JsonObject;
}

function given(name: string, step: Step): GivenTransformation {
  return { id: name, name, enabled: true, output: null, onError: 'REJECT_RECORD', replaceWith: null, step };
}

/** One row for each item of an order; none if it has no items. */
const FLATTEN = given('flatten', { kind: 'flatten', settings: { column: 'items', keepEmpty: false } });
/** No rows for an order that is closed. */
const REMOVE_CLOSED = given('remove', {
  kind: 'removeRecord',
  settings: { where: { column: 'state', op: 'EQ', value: 'closed' } },
});

/** Datasets of orders on a bench, which give one row for each item. */
export function orderBench(bench: OpenLaneBench) {
  return {
    async dataset(known = true): Promise<string> {
      const id = await bench.dataset(order('a', ['x']));
      const columns = [{ id: 'id', uniqueIdentifier: known }];
      const transformations = [FLATTEN, REMOVE_CLOSED];
      await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns, transformations }, CALLER);
      await bench.useCases.applyChanges(id, CALLER);
      await bench.load(id);
      return id;
    },

    /** A delete by identifiers, not loaded yet. */
    async remove(datasetId: string, data: JsonObject[]): Promise<string> {
      const request = { datasetId, ...sentRecords(data) };
      return (await bench.useCases.deleteData.byIdentifiers(request, CALLER)).id;
    },

    /** Makes the rows again from the push log. */
    async rebuild(datasetId: string): Promise<void> {
      await bench.useCases.rebuildDataset(datasetId, CALLER);
      await bench.load(datasetId);
    },

    /** What is stored: the rows in the order of their ids, as order and item, and how many records and rows the dataset counts. */
    async stored(datasetId: string) {
      const rows = await bench.rows(datasetId);
      const { recordCount, rowCount } = await bench.reader.catalog.existingDataset(datasetId);
      const byRecord = new Map<string, string>();
      for (const { recordId, values } of rows) {
        const { 'items.sku': sku, id } = await shown(datasetId, values);
        byRecord.set(recordId, `${byRecord.get(recordId) ?? `${id}:`} ${sku}`);
      }
      return { orders: [...byRecord.values()].sort(), recordCount, rowCount };
    },
  };

  async function shown(datasetId: string, values: Readonly<Record<string, unknown>>) {
    const dataset = await bench.catalog.findDataset(datasetId);
    const design = await bench.catalog.findDesign(datasetId, dataset?.appliedRevision ?? 0);
    return Object.fromEntries((design?.columns ?? []).map((column) => [column.id, values[column.storedKey]]));
  }
}
