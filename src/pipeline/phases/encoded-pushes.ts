import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { isNewPush } from '../../domain/job/job.js';
import { type EncodedExamination, examinationOf } from '../../domain/load/encoded-payload.js';
import type { ExamineTask } from '../../domain/load/examined-payload.js';
import type { HeldRows } from '../../domain/load/held-rows.js';
import { inTurns } from '../../event-loop/turns.js';
import type { ExaminationThreads } from '../../ports/examination-threads.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { RowWriter } from '../../ports/record-store.js';
import type { RowEncoding } from '../../ports/row-encoding.js';
import { encodePayload } from './encode-payload.js';
import { WORTH_BYTES } from './examine-plain.js';
import { taskOf } from './examine-task.js';

/** The encoded rows of a payload may take so many times its bytes, if there is room. */
const ROOM_TIMES = 8;

interface EncodingDeps {
  readonly records: Pick<RowWriter, 'encoding' | 'limits'>;
  /** Null to examine everything in this thread. */
  readonly threads: ExaminationThreads | null;
  /** What encoded rows take is taken from here. */
  readonly held: HeldRows;
  readonly maxQuarantineRecords: number;
}

/**
 * Examines the pushes of a large group whose rows can be encoded for the record store as soon as they are made. Other threads examine them from the last one back, while this one examines them from the
 * first one on.
 * ```
 * this thread     push 1, push 2, push 3 |
 * another one     push 6, push 5, push 4 |  the group is examined
 * ```
 */
export class EncodedPushes {
  readonly #pushes: readonly LoggedPush[];
  readonly #encoding: RowEncoding | null;
  readonly #sent = new Map<LoggedPush, Promise<EncodedExamination | null>>();
  #first = 0;
  #end: number;

  constructor(
    pushes: readonly LoggedPush[],
    private readonly design: CompiledDesign,
    private readonly deps: EncodingDeps,
  ) {
    this.#encoding = isEncodable(design) ? deps.records.encoding : null;
    this.#pushes = this.#encoding ? pushes.filter(isWorthWhile) : [];
    this.#end = this.#pushes.length;
    // This thread takes the first one.
    while (this.#end > 1 && this.#sendLast());
  }

  /** The examined push; null if it must be examined in the usual way. Take the pushes in the order of the group. */
  async take(push: LoggedPush): Promise<EncodedExamination | null> {
    const sent = this.#sent.get(push);
    if (sent) return sent;
    if (!this.#encoding || this.#pushes[this.#first] !== push) return null;
    this.#first += 1;
    while (this.#sendLast());
    return this.#encode(push, this.#encoding);
  }

  /** No more pushes are sent to threads. */
  stop(): void {
    this.#end = this.#first;
  }

  /** Whether a thread has taken the last push that is left. */
  #sendLast(): boolean {
    const { threads, held } = this.deps;
    const push = this.#pushes[this.#end - 1];
    if (!threads || !push || this.#end <= this.#first) return false;
    // Half of the room that is left: the other half is for this thread.
    const room = this.#roomFor(push, held.left / 2);
    const examining = room > 0 ? threads.examine(push, this.design, this.#taskOf(push), room) : null;
    if (!examining) {
      held.giveBack(room);
      return false;
    }
    this.#end -= 1;
    const examined = examining.then((examination) => {
      held.giveBack(room - (examination?.rowBytes ?? 0));
      this.#sendLast();
      return examination;
    });
    this.#sent.set(push, examined);
    return true;
  }

  async #encode(push: LoggedPush, encoding: RowEncoding): Promise<EncodedExamination | null> {
    const { held, records } = this.deps;
    const room = this.#roomFor(push, held.left);
    if (room === 0) return null;
    const bounds = { encoding, maxRowBytes: records.limits.maxRowBytes, maxBytes: room, held };
    const { encoded, others } = await encodePayload(push, this.design, this.#taskOf(push), bounds);
    const examination = await inTurns(examinationOf(push.job.position, encoded, others));
    held.giveBack(room - examination.rowBytes);
    return examination;
  }

  /** Keeps room for the rows of a push: how many bytes, at most so many; 0 if that is less than the push itself. */
  #roomFor({ payload }: LoggedPush, most: number): number {
    const room = Math.floor(Math.min(most, ROOM_TIMES * payload.length));
    return room >= payload.length && this.deps.held.keep(room) ? room : 0;
  }

  #taskOf({ job }: LoggedPush): ExamineTask {
    return taskOf(job, this.design, { leftOut: null, maxQuarantineRecords: this.deps.maxQuarantineRecords });
  }
}

/** Without steps, rows are written from the bytes of their payload. */
function isEncodable({ runSteps, hasIdentifier, needsOutsideData }: CompiledDesign): boolean {
  return runSteps !== null && !hasIdentifier && !needsOutsideData;
}

function isWorthWhile({ job, payload }: LoggedPush): boolean {
  return isNewPush(job) && payload.length >= WORTH_BYTES;
}
