/** Ends jobs on request. */
export interface Terminations {
  /** Ends a job in TERMINATED_EXIT, unless it is final or its group has passed the commit point. Either the termination takes effect or the commit, never both. */
  terminate(jobId: string, at: Date): Promise<'TERMINATED' | 'FINAL' | 'COMMITTED' | 'NOT_FOUND'>;
  /**
   * Ends the jobs that are still open in datasets that were deleted two seconds ago or earlier: of pushes that a process accepted before it knew of the deletion, and all of them if the process that deleted
   * the dataset was killed.
   */
  endJobsOfDeleted(at: Date): Promise<void>;
}
