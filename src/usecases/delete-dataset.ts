import { notFound } from './checks.js';
import type { Deps } from './deps.js';

/**
 * Deletes a dataset and returns its id. The dataset is gone immediately, and jobs that are not final end in TerminatedExit. Its contents (rows, push log, jobs,
 * quarantine) are purged a minute later, so that clients that wait for a job still get its end. Throws NOT_FOUND.
 */
export function deleteDataset({ catalog, nudges, clock }: Pick<Deps, 'catalog' | 'nudges' | 'clock'>) {
  return async (id: string): Promise<string> => {
    if (!(await catalog.deleteDataset(id, clock.now()))) throw notFound('dataset', id);
    nudges.nudge(id);
    return id;
  };
}
