/** Wakes lanes. The push log is the truth: a wake that is lost, late or doubled costs time only. */
export interface LaneQueue {
  /** Asks for a look at this dataset's lane now: in this process if it loads lanes, and durably in any other. Resolves without waiting for the work. */
  wake(datasetId: string): Promise<void>;
  /** The same once `restMs` have passed. */
  wakeAfter(datasetId: string, restMs: number): Promise<void>;
  /** Asks the other processes alone: this one is stopping. */
  handOver(datasetId: string): Promise<void>;
}
