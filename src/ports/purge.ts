/** Permanently removes what nothing refers to any longer. Every method may be called repeatedly, and by several processes at the same time. */
export interface Purge {
  /** Removes the push log, jobs, quarantine and designs of datasets that were deleted before this time, and marks their generations for removal. */
  deletedDatasets(before: Date): Promise<void>;
  /**
   * Removes payloads of jobs that were never accepted, because the process that appended them failed, or paused, between the two writes. If a paused process continues,
   * its append fails. Looks once at each payload whose job was created before this time.
   */
  orphanedPayloads(before: Date): Promise<void>;
}
