import type { Connection } from '../domain/connection.js';
import type { Dataset } from '../domain/dataset.js';
import type { Design } from '../domain/design/design.js';
import { type DesignChange, designChanges } from '../domain/design/design-changes.js';
import type { Job } from '../domain/job/job.js';
import { type Area, type Caller, requireArea } from '../domain/security/caller.js';
import type { DatasetListQuery, ListPage, ListQuery } from '../ports/catalog.js';
import { checkedFirst, checkedSearch, existingDataset, notFound } from './checks.js';
import type { Deps } from './deps.js';

/** A page of a list, and a function that counts the items of all pages. */
export interface CountedPage<T> extends ListPage<T> {
  readonly totalCount: () => Promise<number>;
}

/** Reads connections, datasets and their designs. Lists have the newest first. Throws FORBIDDEN for what the caller does not see. */
export function readCatalog({ catalog }: Pick<Deps, 'catalog'>, caller: Caller) {
  const sees = (area: Area, datasetId?: string) => requireArea(caller, area, datasetId);

  return {
    async connection(id: string): Promise<Connection | null> {
      sees('DESIGNS');
      return catalog.findConnection(id);
    },
    async connections(query: ListQuery): Promise<CountedPage<Connection>> {
      sees('DESIGNS');
      const search = checkedSearch(query.search);
      const page = await catalog.listConnections({ ...query, search, first: checkedFirst(query.first) });
      return { ...page, totalCount: () => catalog.countConnections(search) };
    },
    async dataset(id: string): Promise<Dataset | null> {
      sees('DATASETS', id);
      return catalog.findDataset(id);
    },
    /** Throws NOT_FOUND. */
    async existingDataset(id: string): Promise<Dataset> {
      sees('DATASETS', id);
      return existingDataset(catalog, id);
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
