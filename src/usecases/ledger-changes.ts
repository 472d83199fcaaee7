import type { StatusNudges } from '../ports/status-nudges.js';

/** How long a watcher trusts the silence at most: changes made by other processes send no nudge here. All watchers look at the same moments, and share it. */
const REREAD_MS = 500;

/** Waits for reasons to read a dataset's ledger again. */
export interface LedgerChanges {
  /** Resolves at once when a nudge came since the last call, else at the next nudge, within half a second, or when the signal aborts. */
  next(): Promise<void>;
  stop(): void;
}

/** Listens for nudges from now on, until `stop` is called. */
export function ledgerChanges(nudges: StatusNudges, datasetId: string, signal: AbortSignal): LedgerChanges {
  let nudged = false;
  let wake: (() => void) | undefined;
  const onNudge = () => {
    nudged = true;
    wake?.();
  };
  const stopListening = nudges.listen(datasetId, onNudge);
  signal.addEventListener('abort', onNudge);
  return {
    async next() {
      if (!nudged && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, REREAD_MS - (performance.now() % REREAD_MS));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      nudged = false;
    },
    stop() {
      stopListening();
      signal.removeEventListener('abort', onNudge);
      wake?.();
    },
  };
}
