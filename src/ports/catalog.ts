import type { Connection, SampledConnection } from '../domain/connection.js';
import type { Dataset } from '../domain/dataset.js';
import type { Design } from '../domain/design/design.js';
import type { SourceField } from '../domain/sample/source-field.js';

/** A page of a list, newest first. */
export interface ListQuery {
  readonly first: number;
  /** The id of the last item of the previous page. */
  readonly after?: string;
  /** Text that the name contains, in upper or lower case. */
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
  readonly sample?: Pick<SampledConnection, 'sample' | 'sampleVersion' | 'fields'>;
  readonly updatedAt: Date;
}

/** Connections, datasets and designs: the source of truth for what exists, and for the generation that a dataset is read from. */
export interface Catalog {
  insertConnection(connection: SampledConnection): Promise<void>;
  findConnection(id: string): Promise<Connection | null>;
  /** With the newest version of its sample. */
  findSampledConnection(id: string): Promise<SampledConnection | null>;
  listConnections(query: ListQuery): Promise<ListPage<Connection>>;
  /** A version of a connection's sample as JSON text, and the fields inferred from it. Every version that a design uses is kept. */
  findSample(connectionId: string, version: number): Promise<SampleVersion | null>;
  countConnections(search?: string): Promise<number>;
  /** With `patch.sample`, updates only if the stored sample version is the previous one. Null if it is not, or if there is no such connection. */
  updateConnection(id: string, patch: ConnectionPatch): Promise<SampledConnection | null>;
  /** Deletes a connection on which no dataset is built. */
  deleteConnection(id: string): Promise<'DELETED' | 'IN_USE' | 'NOT_FOUND'>;

  /** Stores a dataset with its first design; false if its connection no longer exists. */
  insertDataset(dataset: Dataset, design: Design): Promise<boolean>;
  findDataset(id: string): Promise<Dataset | null>;
  /** Those of these datasets that exist, by their ids. */
  findDatasets(ids: readonly string[]): Promise<ReadonlyMap<string, Dataset>>;
  listDatasets(query: DatasetListQuery): Promise<ListPage<Dataset>>;
  countDatasets(query: Omit<DatasetListQuery, 'first' | 'after'>): Promise<number>;
  /** A revision of a design never changes: the catalog keeps those that were read lately, so its users need not. */
  findDesign(datasetId: string, revision: number): Promise<Design | null>;
  /**
   * Replaces the draft of a dataset with a later revision; false if the draft is no longer at `design.revision - 1`. Throws DESIGN_CONFLICT, as applyInPlace does, if a dataset that
   * the design looks up was deleted.
   */
  replaceDraft(design: Design): Promise<boolean>;
  /** Makes a design the first applied one, with rows in `generation`; false if a design was applied before. */
  applyFirst(datasetId: string, revision: number, generation: string): Promise<boolean>;
  /**
   * Makes a design, the draft or the next one, both the draft and the applied design. It must not affect rows and loads. CHANGED if the applied design or the draft is
   * another one by now; RELOADING while a reload of the dataset is not final. Then nothing is applied.
   */
  applyInPlace(design: Design, appliedRevision: number): Promise<'APPLIED' | 'CHANGED' | 'RELOADING'>;
  /** Records that the rows of this generation are missing from the record store. The dataset is FAILED as long as this is its generation. */
  recordLostRows(datasetId: string, generation: string): Promise<void>;
  /** Records that the rows are back: somebody restored them, or the service uses the store that has them. */
  recordFoundRows(datasetId: string, generation: string): Promise<void>;
  /** Hides a dataset and ends its jobs, unless another one looks it up. */
  deleteDataset(id: string, at: Date): Promise<DatasetDeletion>;
  /** Like findDataset, but also finds a deleted dataset until it is purged, because its jobs name it. */
  findDatasetOfJob(id: string): Promise<Dataset | null>;
}

/** IN_USE: nothing changes, because these datasets look it up, by their drafts, their applied designs, or designs that waiting jobs apply or try. */
export type DatasetDeletion =
  | { readonly kind: 'DELETED' | 'NOT_FOUND' }
  | { readonly kind: 'IN_USE'; readonly by: readonly Pick<Dataset, 'id' | 'name'>[] };

export interface DatasetListQuery extends ListQuery {
  readonly connectionId?: string;
  readonly status?: readonly Dataset['status'][];
  /** Only datasets with these ids. */
  readonly ids?: readonly string[];
}
