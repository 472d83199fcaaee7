import type { JobDocument } from './documents.js';

/** How many jobs are kept, of all lanes and of one. One takes about 1 kB. */
const KEPT = 10_000;
const KEPT_OF_LANE = 4_000;

/**
 * The jobs that this process accepted lately, without their payloads, so that it need not read them back to load them. They are durable, and change only when they end, which the commit point looks for. Of
 * each lane it keeps jobs without gaps, from the first one that was not loaded: what comes after a gap is read from the log.
 */
export class RecentJobs {
  readonly #lanes = new Map<string, JobDocument[]>();
  #kept = 0;

  constructor(private readonly most = KEPT) {}

  put(job: JobDocument): void {
    const { datasetId, position } = job;
    const jobs = this.#lanes.get(datasetId);
    const last = jobs?.at(-1);
    if (!jobs || !last) this.#lanes.set(datasetId, [job]);
    else if (last.position + 1 === position && jobs.length < KEPT_OF_LANE) jobs.push(job);
    else return;
    this.#kept += 1;
    // The lane whose jobs have been kept for longest.
    for (const oldest of this.#lanes.keys()) {
      if (this.#kept <= this.most) break;
      this.#forget(oldest);
    }
  }

  /** The jobs of a lane from this position on, without gaps; none if the one at this position is not kept. Forgets those before it. */
  from(datasetId: string, position: number, most: number): readonly JobDocument[] {
    const jobs = this.#lanes.get(datasetId);
    const [first] = jobs ?? [];
    if (!jobs || !first || position < first.position) return [];
    const before = position - first.position;
    if (before >= jobs.length) {
      this.#forget(datasetId);
      return [];
    }
    jobs.splice(0, before);
    this.#kept -= before;
    return jobs.slice(0, most);
  }

  #forget(datasetId: string): void {
    this.#kept -= this.#lanes.get(datasetId)?.length ?? 0;
    this.#lanes.delete(datasetId);
  }
}
