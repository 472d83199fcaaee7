import type { GroupStatus } from '../domain/job/status.js';
import type { Clock } from '../ports/clock.js';
import type { Group, Lanes } from '../ports/lane.js';
import type { StatusNudges } from '../ports/status-nudges.js';
import type { HeldLease } from './held-lease.js';

/**
 * Records the statuses of a group while the work goes on: one write at a time, and what comes meanwhile goes out with the next. A status that an
 * earlier attempt recorded is not recorded again.
 */
export class GroupProgress {
  #writing: Promise<void> | undefined;
  #written: Group;
  #waitingSince: Date | null = null;

  constructor(
    private readonly deps: { readonly lanes: Lanes; readonly clock: Clock; readonly nudges: StatusNudges },
    private readonly held: HeldLease,
    public group: Group,
  ) {
    this.#written = group;
  }

  enter(status: GroupStatus): void {
    const { transitions } = this.group;
    if (transitions.some((transition) => transition.status === status)) return;
    this.group = { ...this.group, transitions: [...transitions, { status, at: this.deps.clock.now() }] };
    this.#writing ??= this.#write();
    // Whoever settles hears of a failure; nobody may be settling at the moment it happens.
    this.#writing.catch(() => undefined);
  }

  /** Stores what holds the group up and since when; null once nothing does. */
  async waitFor(reason: string | null): Promise<void> {
    if (reason === null && this.#waitingSince === null) return;
    this.#waitingSince = reason === null ? null : (this.#waitingSince ?? this.deps.clock.now());
    const waitingFor = reason && `${reason} (since ${this.#waitingSince?.toISOString()})`;
    await this.deps.lanes.recordWaiting(this.held.lease, this.group, waitingFor);
    this.deps.nudges.nudge(this.group.datasetId);
  }

  /** Resolves once every status entered is stored. Throws what writing one threw. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#written !== this.group) {
      const group = this.group;
      this.held.stillOwned();
      await this.deps.lanes.recordTransitions(this.held.lease, group);
      this.#written = group;
      this.deps.nudges.nudge(group.datasetId);
    }
    this.#writing = undefined;
  }
}
