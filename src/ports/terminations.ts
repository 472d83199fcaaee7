/** Ends jobs on request. */
export interface Terminations {
  /** Ends a job in TERMINATED_EXIT, unless it is final or its group has passed the commit point. Either the termination takes effect or the commit, never both. */
  terminate(jobId: string, at: Date): Promise<'TERMINATED' | 'FINAL' | 'COMMITTED' | 'NOT_FOUND'>;
}
