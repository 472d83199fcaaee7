import type { Dataset } from '../domain/dataset.js';
import { SluiceError } from '../domain/errors.js';
import { briefJson } from '../domain/json/stringify-json.js';
import { notFound } from './checks.js';
import type { Deps } from './deps.js';

/**
 * Deletes a dataset and returns its id. The dataset is gone immediately, and jobs that are not final end in TerminatedExit. Its contents (rows, push log, jobs,
 * quarantine) are purged a minute later, so that clients that wait for a job still get its end. Throws NOT_FOUND, and IN_USE if other datasets look it up.
 */
export function deleteDataset({ catalog, nudges, clock }: Pick<Deps, 'catalog' | 'nudges' | 'clock'>) {
  return async (id: string): Promise<string> => {
    const deletion = await catalog.deleteDataset(id, clock.now());
    if (deletion.kind === 'NOT_FOUND') throw notFound('dataset', id);
    if (deletion.kind === 'IN_USE') throw inUse(deletion.by);
    nudges.nudge(id);
    return id;
  };
}

const NAMED = 10;

function inUse(by: readonly Pick<Dataset, 'id' | 'name'>[]): SluiceError {
  const named = by.slice(0, NAMED).map(({ id, name }) => `${briefJson(name)} (${id})`);
  const more = by.length > NAMED ? ` and ${by.length - NAMED} more` : '';
  const message = `the designs of other datasets look this one up: ${named.join(', ')}${more}; remove those steps from their drafts and applied designs, or delete those datasets first`;
  return new SluiceError('IN_USE', message);
}
