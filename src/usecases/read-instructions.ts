import type { Dataset } from '../domain/dataset.js';
import { type PushInstructions, pushInstructions } from '../domain/push/push-instructions.js';
import { type Caller, requireArea } from '../domain/security/caller.js';
import { othersFirst } from '../event-loop/turns.js';
import { appliedDesign } from './applied-dataset.js';
import type { Deps } from './deps.js';
import { warningsOf } from './design-warnings.js';

/** Returns the commands that push to a dataset and delete from it, with the sample that its loads use. Throws FORBIDDEN if the caller does not see designs. */
export function readInstructions({ catalog }: Pick<Deps, 'catalog'>, publicUrl: () => string, caller: Caller) {
  return async (dataset: Dataset): Promise<PushInstructions> => {
    requireArea(caller, 'DESIGNS', dataset.id);
    const design = await appliedDesign(catalog, dataset);
    const sample = design && (await catalog.findSample(design.connectionId, design.sampleVersion));
    const warnings = design ? await warningsOf(catalog, design) : [];
    const applied = design && sample ? { sample: sample.text, columns: design.columns, warnings } : null;
    // A sample may have a megabyte.
    await othersFirst();
    return pushInstructions(publicUrl(), dataset.id, applied, dataset.recordCount);
  };
}
