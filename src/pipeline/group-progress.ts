import type { GroupStatus } from '../domain/job/status.js';
import type { Clock } from '../ports/clock.js';
import type { Group, Lanes, Waiting } from '../ports/lane.js';
import type { StatusNudges } from '../ports/status-nudges.js';
import type { HeldLease } from './held-lease.js';

/** How long a status may wait to be stored with the next step of its group. A watcher sees it that much later. */
const STORED_AFTER_MS = 250;
/** Progress is stored at most this often, because it costs a majority write. */
const REPORT_EVERY_MS = 500;

/**
 * Records the statuses of a group. The commit point, the end and the return of a group store them anyway; only if none of these follows soon, they are stored in the
 * background, one write at a time, so that watchers of a slow group see them. A status that an earlier attempt recorded is not recorded again.
 *
 * ```
 * fast group   |-- parse, join --| commit (all statuses so far) |-- rows --| end (all)
 * slow group   |-- parse ------ write ---- join ---- write ----| commit ...
 * ```
 */
export class GroupProgress {
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #written: Group;
  #waiting: Waiting | null;
  #isWaiting = false;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly deps: {
      readonly lanes: Lanes;
      readonly clock: Clock;
      readonly nudges: StatusNudges;
      /** Only for tests that must not depend on how fast a group is. */
      readonly storeStatusesAfterMs?: number | undefined;
    },
    private readonly held: HeldLease,
    public group: Group,
  ) {
    this.#written = group;
    this.#waiting = group.waiting;
  }

  /** Whether this attempt waits for something at the moment. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  enter(status: GroupStatus): void {
    const { transitions } = this.group;
    if (transitions.some((transition) => transition.status === status)) return;
    this.group = { ...this.group, transitions: [...transitions, { status, at: this.deps.clock.now() }] };
    if (this.#writing !== undefined) return;
    const { storeStatusesAfterMs = STORED_AFTER_MS } = this.deps;
    this.#timer ??= setTimeout(() => this.#beginToWrite(), storeStatusesAfterMs);
  }

  /** Stores what the group waits for, and since when; that may be since an earlier attempt. Null when it no longer waits. */
  async recordWaiting(reason: string | null): Promise<void> {
    this.#isWaiting = reason !== null;
    if (reason === null && this.#waiting === null) return;
    const { waiting: before } = this.group;
    const held = this.#waiting ?? (before?.reason === reason ? before : null);
    this.#waiting = reason === null ? null : { reason, since: held?.since ?? this.deps.clock.now() };
    await this.deps.lanes.recordWaiting(this.held.lease, this.group, this.#waiting);
    this.deps.nudges.nudge(this.group.datasetId);
  }

  /** Stores how much of the work before the commit point is done, at limited intervals. */
  async report(done: number, total: number): Promise<void> {
    const now = this.deps.clock.monotonicMs();
    if (total === 0 || now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    await this.deps.lanes.recordProgress(this.held.lease, this.group, Math.min(1, done / total));
  }

  /**
   * Resolves when no write is running, and none begins before another status is entered: a late one would replace the statuses that the next step stores. The caller
   * stores `group.transitions`. Throws if a write failed.
   */
  async settle(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
  }

  #beginToWrite(): void {
    this.#timer = undefined;
    this.#writing = this.#write().then(() => {
      this.#writing = undefined;
    });
    // `settle` throws a failure. Without this handler, a failure while nothing awaits `settle` would be an unhandled rejection.
    this.#writing.catch(() => undefined);
  }

  async #write(): Promise<void> {
    while (this.#written !== this.group) {
      const group = this.group;
      this.held.stillOwned();
      await this.deps.lanes.recordTransitions(this.held.lease, group);
      this.#written = group;
      this.deps.nudges.nudge(group.datasetId);
    }
  }
}
