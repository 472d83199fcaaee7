import type { JsonObject } from '../domain/json/json-value.js';
import { readRecords } from '../domain/push/payload.js';
import { parseLogRecordId } from '../domain/record-id.js';
import { endTurnIfOver } from '../event-loop/turns.js';
import type { GroupRun } from './group-run.js';

/**
 * Reads records from the push log by their ids. Ids come in the order of the log, so it keeps only the records of the current page, and the last push, because the next
 * page may need more of it.
 */
export class LogReader {
  readonly #records = new Map<string, JsonObject>();
  #last: { readonly position: number; readonly records: readonly JsonObject[] } | undefined;

  constructor(private readonly run: GroupRun) {}

  async read(recordIds: readonly string[]): Promise<void> {
    this.#records.clear();
    const wanted = new Map<number, { id: string; recordIndex: number }[]>();
    for (const id of recordIds) {
      const { position, recordIndex } = parseLogRecordId(id);
      const known = wanted.get(position);
      if (known) known.push({ id, recordIndex });
      else wanted.set(position, [{ id, recordIndex }]);
    }
    const missing = [...wanted.keys()].filter((position) => position !== this.#last?.position);
    if (this.#last) this.#keep(wanted.get(this.#last.position) ?? [], this.#last.records);
    const { datasetId } = this.run.held.lease;
    for await (const { job, payload, revision } of this.run.deps.pushLog.readLoaded(datasetId, missing)) {
      const { prune } = await this.run.deps.designs.of(datasetId, revision);
      const records: JsonObject[] = [];
      for (const piece of readRecords(payload, job.payload.form)) {
        for (const record of piece) records.push(prune(record));
        await endTurnIfOver();
      }
      this.#keep(wanted.get(job.position) ?? [], records);
      this.#last = { position: job.position, records };
    }
  }

  recordOf(id: string): JsonObject {
    const record = this.#records.get(id);
    if (!record) throw new Error(`record ${id} is stored, but the push log does not have it`);
    return record;
  }

  #keep(wanted: readonly { id: string; recordIndex: number }[], records: readonly JsonObject[]): void {
    for (const { id, recordIndex } of wanted) {
      const record = records[recordIndex];
      if (record) this.#records.set(id, record);
    }
  }
}
