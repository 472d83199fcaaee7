/** Wakes lanes. The push log is the source of truth: a wake that is lost, late or doubled only costs time. */
export interface LaneQueue {
  /**
   * Makes a worker look at this dataset's lane: at once in this process if it loads lanes; in another process through a durable wake, which a process that loads lanes writes only if the lane still
   * waits for its place after half a second. Resolves without waiting for the work.
   */
  wake(datasetId: string): Promise<void>;
  /**
   * A job for the lane is being accepted. If this process loads lanes and has nothing else to load, it takes the lane meanwhile, loads it once `accepted` has resolved, and returns true: then the job needs no
   * wake.
   */
  takeAhead(datasetId: string, accepted: Promise<unknown>): boolean;
  /** The same as `wake` once `restMs` have passed. */
  wakeAfter(datasetId: string, restMs: number): Promise<void>;
  /** Wakes only other processes, because this one is stopping. */
  handOver(datasetId: string): Promise<void>;
}
