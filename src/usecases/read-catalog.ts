import type { Connection } from '../domain/connection.js';
import type { Dataset } from '../domain/dataset.js';
import type { Design } from '../domain/design/design.js';
import { type DesignChange, designChanges } from '../domain/design/design-changes.js';
import type { DatasetListQuery, ListPage, ListQuery } from '../ports/catalog.js';
import { checkedFirst, checkedSearch, existingDataset, notFound } from './checks.js';
import type { Deps } from './deps.js';

/** A page of a list, and a function that counts the items of all pages. */
export interface CountedPage<T> extends ListPage<T> {
  readonly totalCount: () => Promise<number>;
}

/** Reads connections, datasets and their designs. Lists have the newest first. */
export function readCatalog({ catalog }: Pick<Deps, 'catalog'>) {
  return {
    connection: (id: string): Promise<Connection | null> => catalog.findConnection(id),
    dataset: (id: string): Promise<Dataset | null> => catalog.findDataset(id),
    /** Throws NOT_FOUND. */
    existingDataset: (id: string): Promise<Dataset> => existingDataset(catalog, id),
    /** Finds deleted datasets too, as long as their jobs can be queried. Throws NOT_FOUND. */
    async datasetOfJob(id: string): Promise<Dataset> {
      const dataset = await catalog.findDatasetOfJob(id);
      if (!dataset) throw notFound('dataset', id);
      return dataset;
    },
    /** How the draft differs from the applied design; empty before the first apply. */
    async changes({ id, draftRevision, appliedRevision }: Dataset): Promise<DesignChange[]> {
      if (appliedRevision === null || appliedRevision === draftRevision) return [];
      const [applied, draft] = await Promise.all([
        catalog.findDesign(id, appliedRevision),
        catalog.findDesign(id, draftRevision),
      ]);
      return applied && draft ? designChanges(applied, draft) : [];
    },
    design: (datasetId: string, revision: number): Promise<Design | null> => catalog.findDesign(datasetId, revision),
    async connections(query: ListQuery): Promise<CountedPage<Connection>> {
      const search = checkedSearch(query.search);
      const page = await catalog.listConnections({ ...query, search, first: checkedFirst(query.first) });
      return { ...page, totalCount: () => catalog.countConnections(search) };
    },
    async datasets(query: DatasetListQuery): Promise<CountedPage<Dataset>> {
      checkedSearch(query.search);
      const page = await catalog.listDatasets({ ...query, first: checkedFirst(query.first) });
      return { ...page, totalCount: () => catalog.countDatasets(query) };
    },
  };
}
