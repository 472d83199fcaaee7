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
