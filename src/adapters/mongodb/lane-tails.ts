import type { LanePlace } from '../../domain/dataset.js';
import { LatestEntries } from '../../domain/latest-entries.js';

/** Takes about 2 MB. */
const TAILS_KEPT = 10_000;
/** How long the tail of a lane is read for each append after another process has appended to it. */
const SHARED_MS = 60_000;

interface Kept {
  readonly tail: LanePlace | null;
  /** Until when the tail is not kept. */
  readonly sharedUntil: number;
}

/**
 * The last places that this process has taken in lanes, so that the next append need not read them. Nothing rests on them: if another process has appended meanwhile, the position after the
 * tail is taken, and the insert fails. The tail of such a lane is then read for a minute, because each kept one would cost a failed insert.
 */
export class LaneTails {
  readonly #kept = new LatestEntries<Kept>(TAILS_KEPT);

  constructor(private readonly now = () => performance.now()) {}

  /** The last place that is known to be taken; undefined if it must be read. */
  take(datasetId: string): LanePlace | undefined {
    const kept = this.#kept.get(datasetId);
    if (kept?.tail) this.#kept.delete(datasetId);
    return kept?.tail ?? undefined;
  }

  keep(datasetId: string, tail: LanePlace): void {
    const kept = this.#kept.get(datasetId);
    if (kept && kept.sharedUntil > this.now()) return;
    this.#kept.put(datasetId, { tail, sharedUntil: 0 });
  }

  /** Another process has appended to the lane. */
  isShared(datasetId: string): void {
    this.#kept.put(datasetId, { tail: null, sharedUntil: this.now() + SHARED_MS });
  }
}
