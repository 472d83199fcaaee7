import type { Dataset } from '../domain/dataset.js';
import type { Design } from '../domain/design/design.js';
import { identifiersOf } from '../domain/design/identity.js';
import { SluiceError } from '../domain/errors.js';
import type { Catalog } from '../ports/catalog.js';
import { existingDataset } from './checks.js';

/** Returns a dataset that can be loaded into. Throws NOT_FOUND, or NOT_APPLIED before its first apply. */
export async function appliedDataset(catalog: Pick<Catalog, 'findDataset'>, id: string): Promise<Dataset> {
  const dataset = await existingDataset(catalog, id);
  if (dataset.appliedRevision === null) {
    throw new SluiceError('NOT_APPLIED', `dataset ${id} has no applied design yet; apply changes first`);
  }
  return dataset;
}

/** The design that loads use; null before the first apply. */
export async function appliedDesign(catalog: Pick<Catalog, 'findDesign'>, dataset: Dataset): Promise<Design | null> {
  const { id, appliedRevision } = dataset;
  return appliedRevision === null ? null : catalog.findDesign(id, appliedRevision);
}

/** Whether the applied design has a unique identifier, by which stored records are found. */
export async function hasIdentifier(catalog: Pick<Catalog, 'findDesign'>, dataset: Dataset): Promise<boolean> {
  const design = await appliedDesign(catalog, dataset);
  return design !== null && identifiersOf(design.columns).length > 0;
}
