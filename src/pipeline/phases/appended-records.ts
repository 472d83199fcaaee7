import type { LaneJob } from '../../domain/job/job.js';
import { EncodedRecord } from '../../domain/load/encoded-record.js';
import type { FittingRecord } from '../../domain/load/examined-payload.js';
import type { JoinedJob } from '../../domain/load/joined-job.js';
import { PlainRecord } from '../../domain/load/plain-record.js';
import { versionOf } from '../../domain/record-id.js';
import { eachInTurns } from '../../event-loop/turns.js';
import type { ExaminedJob } from './examine.js';
import { JobTally } from './job-tally.js';
import type { JoinContext } from './join-context.js';
import { replacedBy, rowCountOf } from './merged-content.js';
import type { RecordChange, RecordContent } from './record-state.js';

/** Joins records of a design without identifiers: every record is a new one, whatever is stored. */
export class AppendedRecords {
  readonly #jobs: { readonly job: LaneJob; readonly fitting: readonly FittingRecord[] }[] = [];

  constructor(private readonly context: JoinContext) {}

  async join(examined: ExaminedJob): Promise<JoinedJob> {
    const tally = new JobTally(examined, this.context);
    await eachInTurns(examined.fitting, (given) => {
      if (given.use === 'REPLACE') tally.count(0, rowCountOf(given), given.isUnplaced);
    });
    const { joined, isRefused } = tally.joined();
    if (!isRefused) this.#jobs.push({ job: examined.push.job, fitting: examined.fitting });
    return joined;
  }

  /** Created one by one while they are written, so that memory holds only the examined records. */
  readonly changes: Iterable<RecordChange> = { [Symbol.iterator]: () => this.#changes() };

  *#changes(): Generator<RecordChange> {
    for (const { job, fitting } of this.#jobs) {
      const version = versionOf(job.position);
      const { acceptedAt: savedAt } = job;
      for (const record of fitting) {
        if (record.use !== 'REPLACE') continue;
        yield record instanceof PlainRecord || record instanceof EncodedRecord
          ? new LightChange(record, version, savedAt)
          : {
              recordId: record.recordId,
              stored: undefined,
              version,
              savedAt,
              held: true,
              rowCount: rowCountOf(record),
              content: replacedBy(record),
            };
      }
    }
  }
}

/** The change by a record whose rows are bytes. Changes are iterated several times, so its id is made when it is used. */
class LightChange implements RecordChange {
  readonly stored = undefined;
  readonly held = true;
  readonly rowCount: number;
  readonly content: RecordContent;

  constructor(
    private readonly record: PlainRecord | EncodedRecord,
    readonly version: number,
    readonly savedAt: Date,
  ) {
    this.rowCount = rowCountOf(record);
    this.content = replacedBy(record);
  }

  get recordId(): string {
    return this.record.recordId;
  }
}
