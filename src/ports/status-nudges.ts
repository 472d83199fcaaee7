/**
 * Tells watchers that a dataset's ledger has changed, so that they read it again. Nudges have no content: watchers read the ledger at their own pace, a lost nudge only
 * costs time, and several nudges during one read count as one.
 */
export interface StatusNudges {
  nudge(datasetId: string): void;
  /** Calls `listener` for each nudge of the dataset until the returned function is called. */
  listen(datasetId: string, listener: () => void): () => void;
}
