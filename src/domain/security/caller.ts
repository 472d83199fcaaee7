import type { Column } from '../design/column.js';
import { SluiceError } from '../errors.js';
import type { RecordFilter } from '../query/record-query.js';

/** What can be read apart from rows. DESIGNS includes connections and their samples. */
export type Area = 'DATASETS' | 'DESIGNS' | 'JOBS' | 'QUARANTINE';

/** What a caller sees of a dataset's rows. */
export interface RowView {
  /** Null: every row. */
  readonly filter: RecordFilter | null;
  /** The columns that the caller sees. For this caller, the design has no others. */
  readonly columns: readonly Column[];
}

/** Compiles a caller's permissions for a dataset, given the columns of its applied design. Throws FORBIDDEN if the caller sees no rows of it. */
export type RowRestriction = (columns: readonly Column[]) => RowView;

/** What a caller may read. Only the caller's reader uses it. */
export interface Access {
  /** Whether the caller sees an area of a dataset; without an id, of all datasets. */
  sees(area: Area, datasetId?: string): boolean;
  /** Null if the caller sees all rows and columns of the dataset. */
  restrictionOf(datasetId: string): RowRestriction | null;
}

/** Who sends a request, by its API key, and what that key may read. */
export interface Caller {
  readonly keyId: string;
  readonly keyName: string;
  readonly access: Access;
}

export const FULL_ACCESS: Access = { sees: () => true, restrictionOf: () => null };

const NAME_OF_AREA: Record<Area, string> = {
  DATASETS: 'datasets',
  DESIGNS: 'connections, samples and designs',
  JOBS: 'jobs',
  QUARANTINE: 'quarantined records',
};

/** Throws FORBIDDEN unless the caller sees the area of the dataset; without an id, of all datasets. The message does not say what exists. */
export function requireArea({ keyName, access }: Caller, area: Area, datasetId?: string): void {
  if (access.sees(area, datasetId)) return;
  const message = `the API key ${JSON.stringify(keyName)} may not read these ${NAME_OF_AREA[area]}; use a key that may`;
  throw new SluiceError('FORBIDDEN', message);
}
