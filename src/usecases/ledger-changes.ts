import type { StatusNudges } from '../ports/status-nudges.js';

/** How often a watcher reads the ledger without a nudge: changes by other processes send no nudge here. All watchers read at the same moments, and share the read. */
const REREAD_MS = 500;

/** Tells when to read a dataset's ledger again. */
export interface LedgerChanges {
  /** Resolves immediately if a nudge came since the last call; otherwise at the next nudge, after at most half a second, or when the signal aborts. */
  next(): Promise<void>;
  stop(): void;
}

/** Starts to listen for nudges, until `stop` is called. */
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
