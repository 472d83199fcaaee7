import type { Connection } from '../domain/connection.js';
import type { Dataset } from '../domain/dataset.js';
import type { Design } from '../domain/design/design.js';
import type { SourceField } from '../domain/sample/source-field.js';

/** One page of a list that is ordered from newest to oldest. */
export interface ListQuery {
  readonly first: number;
  /** The id of the last item of the page before. */
  readonly after?: string;
  /** Part of the name, any case. */
  readonly search?: string;
}

export interface ListPage<T> {
  readonly nodes: readonly T[];
  readonly hasNextPage: boolean;
}

export interface SampleVersion {
  readonly text: string;
  readonly fields: readonly SourceField[];
}

export interface ConnectionPatch {
  readonly name?: string;
  readonly sample?: Pick<Connection, 'sample' | 'sampleVersion' | 'fields'>;
  readonly updatedAt: Date;
}

/** Connections, datasets and designs: the only truth about what exists and which generation a dataset is read from. */
export interface Catalog {
  insertConnection(connection: Connection): Promise<void>;
  findConnection(id: string): Promise<Connection | null>;
  listConnections(query: ListQuery): Promise<ListPage<Connection>>;
  /** A version of a connection's sample as JSON text, and what was inferred from it; every version a design pins is kept. */
  findSample(connectionId: string, version: number): Promise<SampleVersion | null>;
  countConnections(search?: string): Promise<number>;
  /** With `patch.sample`, only where the stored sample version is the one before; null when it is not, or there is no such connection. */
  updateConnection(id: string, patch: ConnectionPatch): Promise<Connection | null>;
  /** Removes a connection no dataset is built on. */
  deleteConnection(id: string): Promise<'DELETED' | 'IN_USE' | 'NOT_FOUND'>;

  /** Stores a dataset with its first design; false when its connection is gone by then. */
  insertDataset(dataset: Dataset, design: Design): Promise<boolean>;
  findDataset(id: string): Promise<Dataset | null>;
  listDatasets(query: DatasetListQuery): Promise<ListPage<Dataset>>;
  countDatasets(query: Omit<DatasetListQuery, 'first' | 'after'>): Promise<number>;
  findDesign(datasetId: string, revision: number): Promise<Design | null>;
  /** Replaces the draft of a dataset by a later revision; false when the draft is no longer at `design.revision - 1`. */
  replaceDraft(design: Design): Promise<boolean>;
  /** Makes a design the applied one, read from `generation`, where none was applied before; false when one was. */
  applyFirst(datasetId: string, revision: number, generation: string): Promise<boolean>;
  /**
   * Makes a design, the draft or one to follow it, both draft and applied design, where rows and loads are as they were under the one applied before. CHANGED
   * when that, or the draft, is another by now; RELOADING while a reload of the dataset is not final. Then nothing is applied.
   */
  applyInPlace(design: Design, appliedRevision: number): Promise<'APPLIED' | 'CHANGED' | 'RELOADING'>;
  /** Notes that the rows of this generation are gone from the record store: as long as it is the dataset's, the dataset is FAILED. */
  recordLostRows(datasetId: string, generation: string): Promise<void>;
  /** Notes that they are back: somebody has brought them, or the record store that has them. */
  recordFoundRows(datasetId: string, generation: string): Promise<void>;
  /** Takes a dataset out of sight and ends its jobs; false when there is none. */
  deleteDataset(id: string, at: Date): Promise<boolean>;
  /** Like findDataset, and a deleted one too until it is purged: its jobs name it. */
  findDatasetOfJob(id: string): Promise<Dataset | null>;
}

export interface DatasetListQuery extends ListQuery {
  readonly connectionId?: string;
  readonly status?: readonly Dataset['status'][];
}
