/**
 * Tells watchers that a dataset's ledger has changed and is worth another read. Nudges carry no state: the ledger is read at the watcher's pace,
 * a lost nudge costs time only, and several that come during one read count as one.
 */
export interface StatusNudges {
  nudge(datasetId: string): void;
  /** Calls `listener` for each nudge of the dataset until the returned function is called. */
  listen(datasetId: string, listener: () => void): () => void;
}
