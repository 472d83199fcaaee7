import type { Dataset } from '../domain/dataset.js';
import { storedColumns } from '../domain/design/stored-columns.js';
import { SluiceError } from '../domain/errors.js';
import { notFound } from './checks.js';
import type { Deps } from './deps.js';

/**
 * Makes the draft the applied design: the dataset gets its first generation and can be pushed to. Applying what is applied already changes
 * nothing.
 */
export function applyChanges({ catalog, records }: Pick<Deps, 'catalog' | 'records'>) {
  return async (datasetId: string): Promise<Dataset> => {
    const dataset = await catalog.findDataset(datasetId);
    if (!dataset) throw notFound('dataset', datasetId);
    if (dataset.appliedRevision === null) {
      const design = await catalog.findDesign(datasetId, dataset.draftRevision);
      if (!design) throw conflict();
      const generation = `rows_${datasetId}_${design.revision}`;
      await records.createGeneration(generation, storedColumns(design.columns));
      if (!(await catalog.applyFirst(datasetId, design.revision, generation)))
        await refuseUnlessApplied(catalog, datasetId);
    }
    const applied = await catalog.findDataset(datasetId);
    if (!applied) throw notFound('dataset', datasetId);
    return applied;
  };
}

async function refuseUnlessApplied(catalog: Deps['catalog'], datasetId: string): Promise<void> {
  const dataset = await catalog.findDataset(datasetId);
  if (dataset?.appliedRevision == null) throw conflict();
}

function conflict(): SluiceError {
  return new SluiceError('DESIGN_CONFLICT', 'the design was changed meanwhile; read it and apply again');
}
