import type { Dataset } from '../domain/dataset.js';
import type { Design } from '../domain/design/design.js';
import { designChanges, effectOf } from '../domain/design/design-changes.js';
import type { DesignWarning } from '../domain/design/design-warning.js';
import { refuseFaults } from '../domain/design/edit-design.js';
import { storedColumns } from '../domain/design/stored-columns.js';
import { validateDesign } from '../domain/design/validate-design.js';
import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import type { Caller } from '../domain/security/caller.js';
import { othersFirst } from '../event-loop/turns.js';
import type { Catalog } from '../ports/catalog.js';
import type { AcceptJob } from './accept-job.js';
import { existingDataset } from './checks.js';
import type { Deps } from './deps.js';
import { lookupFaults } from './design-lookups.js';
import { warningsOf } from './design-warnings.js';
import { refuseWhileReloading } from './refuse-while-reloading.js';

export interface Applied {
  readonly dataset: Dataset;
  /** The job that brings the design into force; null if it is already in force. */
  readonly reload: Job | null;
  /** The warnings of the design. */
  readonly warnings: readonly DesignWarning[];
}

type ApplyDeps = Pick<Deps, 'catalog' | 'records' | 'ledger' | 'generations'>;

/**
 * Makes the draft the applied design. The first time, the dataset gets its first generation and accepts pushes. Later, changes of names, links, security names,
 * sensitive columns and display formats take effect immediately. Changes that affect loads or stored rows become a RELOAD in the lane; once that job is Complete, they apply to
 * everything pushed after it. If the draft is already applied, nothing changes. Throws NOT_FOUND, INVALID_DESIGN with every fault, RELOAD_IN_PROGRESS,
 * BACK_PRESSURE, and DESIGN_CONFLICT if something else changes the design at the same time.
 */
export function applyChanges(deps: ApplyDeps, accept: AcceptJob) {
  return async (datasetId: string, caller: Caller): Promise<Applied> => {
    const dataset = await existingDataset(deps.catalog, datasetId);
    const draft = await designOf(deps.catalog, datasetId, dataset.draftRevision);
    await othersFirst();
    refuseFaults([...validateDesign(draft), ...(await lookupFaults(deps.catalog, draft, caller))]);
    await othersFirst();
    const reload =
      dataset.appliedRevision === null ? await applyFirst(deps, draft) : await follow(dataset, dataset.appliedRevision);
    await othersFirst();
    const warnings = await warningsOf(deps.catalog, draft);
    return { dataset: await existingDataset(deps.catalog, datasetId), reload, warnings };

    async function follow({ draftRevision: revision }: Dataset, appliedRevision: number): Promise<Job | null> {
      if (revision === appliedRevision) return null;
      await refuseWhileReloading(deps.ledger, datasetId);
      const effect = effectOf(designChanges(await designOf(deps.catalog, datasetId, appliedRevision), draft));
      if (effect === null || effect === 'AT_ONCE') {
        const outcome = await deps.catalog.applyInPlace(draft, appliedRevision);
        if (outcome === 'RELOADING') await refuseWhileReloading(deps.ledger, datasetId);
        if (outcome !== 'APPLIED') throw conflict();
        return null;
      }
      const payload = Buffer.alloc(0);
      const job = { kind: 'RELOAD', method: 'REPLACE', form: 'NONE', payload, recordCount: 0, revision } as const;
      return accept(dataset, job, caller);
    }
  };
}

async function applyFirst(
  { catalog, records, generations }: ApplyDeps,
  { datasetId, revision, columns }: Design,
): Promise<null> {
  const generation = `rows_${datasetId}_0_${revision}`;
  await generations.begin(generation, datasetId, revision);
  await records.createGeneration(generation, storedColumns(columns));
  if (await catalog.applyFirst(datasetId, revision, generation)) return null;
  // Another request applied it, or edited the draft.
  const dataset = await catalog.findDataset(datasetId);
  if (dataset?.appliedRevision !== revision) throw conflict();
  return null;
}

/** Returns a design that the dataset names. Throws DESIGN_CONFLICT if it has been replaced since. */
export async function designOf(
  catalog: Pick<Catalog, 'findDesign'>,
  datasetId: string,
  revision: number,
): Promise<Design> {
  const design = await catalog.findDesign(datasetId, revision);
  if (!design) throw conflict();
  return design;
}

function conflict(): SluiceError {
  return new SluiceError(
    'DESIGN_CONFLICT',
    'something else changed the design at the same time; read it and apply again',
  );
}
