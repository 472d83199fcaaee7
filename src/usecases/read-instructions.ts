import type { Dataset } from '../domain/dataset.js';
import { type PushInstructions, pushInstructions } from '../domain/push/push-instructions.js';
import type { Deps } from './deps.js';

/** The commands that push to a dataset, with the sample its loads use. */
export function readInstructions({ catalog }: Pick<Deps, 'catalog'>, publicUrl: () => string) {
  return async (dataset: Dataset): Promise<PushInstructions> => {
    const { id, appliedRevision } = dataset;
    const design = appliedRevision === null ? null : await catalog.findDesign(id, appliedRevision);
    const sample = design && (await catalog.findSample(design.connectionId, design.sampleVersion));
    return pushInstructions(publicUrl(), id, sample?.text ?? null);
  };
}
