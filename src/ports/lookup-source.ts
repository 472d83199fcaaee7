import type { WantedColumns } from '../domain/lookups/wanted-columns.js';
import type { LookupAnswer } from '../domain/transform/answers.js';

/** What lookups read: the records of other datasets, whoever may see them. It writes nothing, and waits for no lane. */
export interface LookupSource {
  /**
   * The wanted columns of these records, by record id, in a few requests for at most 1,000 records. If the dataset has changed so that it cannot be looked
   * up, if it is gone, or if its rows are lost, the answers say so, and also if more than `maxBytes` are found, about. Throws a retriable RecordStoreError while the record store
   * cannot be read.
   */
  find(
    datasetId: string,
    wanted: WantedColumns,
    recordIds: readonly string[],
    maxBytes: number,
  ): Promise<ReadonlyMap<string, LookupAnswer>>;
}
