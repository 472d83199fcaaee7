import { notFound } from './checks.js';
import type { Deps } from './deps.js';

/**
 * Removes a dataset and answers its id. It is gone at once; jobs that are not final end in TerminatedExit. What it held (rows, push log, jobs, quarantine) is
 * purged a minute later, so that whoever waits for a job still learns of its end. Throws NOT_FOUND.
 */
export function deleteDataset({ catalog, nudges, clock }: Pick<Deps, 'catalog' | 'nudges' | 'clock'>) {
  return async (id: string): Promise<string> => {
    if (!(await catalog.deleteDataset(id, clock.now()))) throw notFound('dataset', id);
    nudges.nudge(id);
    return id;
  };
}
