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
    if (this.isShared(datasetId)) return;
    this.#kept.put(datasetId, { tail, sharedUntil: 0 });
  }

  /** Whether another process has appended to the lane in the last minute, as far as an append has shown. */
  isShared(datasetId: string): boolean {
    const sharedUntil = this.#kept.get(datasetId)?.sharedUntil ?? 0;
    return sharedUntil > this.now();
  }

  /** Another process has appended to the lane. */
  noteShared(datasetId: string): void {
    this.#kept.put(datasetId, { tail: null, sharedUntil: this.now() + SHARED_MS });
  }
}
