import type { Column } from '../domain/design/column.js';
import type { Design } from '../domain/design/design.js';
import type { DesignWarning } from '../domain/design/design-warning.js';
import { designWarnings } from '../domain/design/design-warnings.js';
import { lookedUpDatasets } from '../domain/lookups/wanted-columns.js';
import type { Catalog } from '../ports/catalog.js';

/** The warnings of a design, by what the datasets that it looks up are like now. */
export async function warningsOf(
  catalog: Pick<Catalog, 'findDataset' | 'findDesign'>,
  design: Design,
): Promise<DesignWarning[]> {
  const lookedUp = new Map<string, readonly Column[]>();
  for (const id of lookedUpDatasets(design.transformations)) {
    const dataset = await catalog.findDataset(id);
    const applied = dataset?.appliedRevision != null && (await catalog.findDesign(id, dataset.appliedRevision));
    if (applied) lookedUp.set(id, applied.columns);
  }
  return designWarnings(design, lookedUp);
}
