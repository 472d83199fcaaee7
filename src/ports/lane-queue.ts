/** Wakes lanes. The push log is the source of truth: a wake that is lost, late or doubled only costs time. */
export interface LaneQueue {
  /** Makes a worker look at this dataset's lane now: this process if it loads lanes, and any other process durably. Resolves without waiting for the work. */
  wake(datasetId: string): Promise<void>;
  /** The same once `restMs` have passed. */
  wakeAfter(datasetId: string, restMs: number): Promise<void>;
  /** Wakes only other processes, because this one is stopping. */
  handOver(datasetId: string): Promise<void>;
}
