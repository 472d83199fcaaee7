import type { Connection } from '../domain/connection.js';
import type { Dataset } from '../domain/dataset.js';
import type { Design } from '../domain/design/design.js';
import { type DesignChange, designChanges } from '../domain/design/design-changes.js';
import type { DesignWarning } from '../domain/design/design-warning.js';
import type { Job } from '../domain/job/job.js';
import { type Area, type Caller, requireArea } from '../domain/security/caller.js';
import type { DatasetListQuery, ListPage, ListQuery, SampleVersion } from '../ports/catalog.js';
import { checkedFirst, checkedSearch, notFound } from './checks.js';
import type { Deps } from './deps.js';
import type { DesignColumns } from './design-columns.js';
import { warningsOf } from './design-warnings.js';

/** A page of a list, and a function that counts the items of all pages. */
export interface CountedPage<T> extends ListPage<T> {
  readonly totalCount: () => Promise<number>;
}

interface CatalogDeps extends Pick<Deps, 'catalog'> {
  readonly designs: DesignColumns;
}

/** Reads connections, datasets and their designs. Lists have the newest first. Throws FORBIDDEN for what the caller does not see. */
export function readCatalog({ catalog, designs }: CatalogDeps, caller: Caller) {
  const sees = (area: Area, datasetId?: string) => requireArea(caller, area, datasetId);

  /** For callers who may know only of datasets whose rows they see: throws the same FORBIDDEN for all others, whether or not they exist. */
  async function requireReadable(id: string, dataset: Dataset | null): Promise<void> {
    if (!caller.access.knowsOnlyReadable) return;
    const isApplied = dataset && dataset.appliedRevision !== null;
    caller.access.restrictionOf(id)?.(isApplied ? await designs.of(dataset, dataset.appliedRevision) : []);
  }

  return {
    async connection(id: string): Promise<Connection | null> {
      sees('DESIGNS');
      return catalog.findConnection(id);
    },
    /** The sample of a connection, and its fields. Throws NOT_FOUND if the connection was deleted meanwhile. */
    async sample({ id, sampleVersion }: Connection): Promise<SampleVersion> {
      sees('DESIGNS');
      const sample = await catalog.findSample(id, sampleVersion);
      if (!sample) throw notFound('connection', id);
      return sample;
    },
    async connections(query: ListQuery): Promise<CountedPage<Connection>> {
      sees('DESIGNS');
      const search = checkedSearch(query.search);
      const page = await catalog.listConnections({ ...query, search, first: checkedFirst(query.first) });
      return { ...page, totalCount: () => catalog.countConnections(search) };
    },
    async dataset(id: string): Promise<Dataset | null> {
      sees('DATASETS', id);
      const dataset = await catalog.findDataset(id);
      await requireReadable(id, dataset);
      return dataset;
    },
    /** Throws NOT_FOUND. */
    async existingDataset(id: string): Promise<Dataset> {
      sees('DATASETS', id);
      const dataset = await catalog.findDataset(id);
      await requireReadable(id, dataset);
      if (!dataset) throw notFound('dataset', id);
      return dataset;
    },
    /** Finds deleted datasets too, as long as their jobs can be queried. Throws NOT_FOUND. */
    async datasetOfJob({ datasetId }: Pick<Job, 'datasetId'>): Promise<Dataset> {
      sees('DATASETS', datasetId);
      const dataset = await catalog.findDatasetOfJob(datasetId);
      if (!dataset) throw notFound('dataset', datasetId);
      return dataset;
    },
    /** Only those that the caller may know of. */
    async datasets(query: DatasetListQuery): Promise<CountedPage<Dataset>> {
      const { datasets: known } = caller.access;
      if (known === null) sees('DATASETS');
      checkedSearch(query.search);
      const visible =
        known === null ? query : { ...query, ids: [...known].filter((id) => caller.access.sees('DATASETS', id)) };
      const page = await catalog.listDatasets({ ...visible, first: checkedFirst(query.first) });
      return { ...page, totalCount: () => catalog.countDatasets(visible) };
    },
    async design(datasetId: string, revision: number): Promise<Design | null> {
      sees('DESIGNS', datasetId);
      return catalog.findDesign(datasetId, revision);
    },
    /** What a design allows that may not be intended, also by its lookups. */
    async warnings(design: Design): Promise<DesignWarning[]> {
      sees('DESIGNS', design.datasetId);
      return warningsOf(catalog, design);
    },
    /** How the draft differs from the applied design; empty before the first apply. */
    async changes({ id, draftRevision, appliedRevision }: Dataset): Promise<DesignChange[]> {
      sees('DESIGNS', id);
      if (appliedRevision === null || appliedRevision === draftRevision) return [];
      const [applied, draft] = await Promise.all([
        catalog.findDesign(id, appliedRevision),
        catalog.findDesign(id, draftRevision),
      ]);
      return applied && draft ? designChanges(applied, draft) : [];
    },
  };
}
