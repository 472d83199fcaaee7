/** Wakes lanes. The push log is the truth: a wake that is lost, late or doubled costs time only. */
export interface LaneQueue {
  /** Asks that some worker looks at this dataset's lane, at once or after a delay. Resolves without waiting for the work. */
  wake(datasetId: string, delayMs?: number): Promise<void>;
}
