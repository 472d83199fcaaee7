/** Removes for good what nothing names any longer. Every method may be called again, and by several processes at once. */
export interface Purge {
  /** Removes the push log, jobs, quarantine and designs of datasets deleted before this time, and gives their generations up. */
  deletedDatasets(before: Date): Promise<void>;
  /**
   * Removes payloads of jobs that were never accepted: whatever was to append them failed in between, or stands still there; then its append fails when it
   * goes on. Looks at payloads whose jobs were made before this time, once.
   */
  orphanedPayloads(before: Date): Promise<void>;
}
