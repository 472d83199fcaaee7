import type { Column } from '../design/column.js';
import { SluiceError } from '../errors.js';
import type { RecordFilter } from '../query/record-query.js';
import type { RateLimit } from './rate-limit.js';

/** What can be read apart from rows. DESIGNS includes connections and their samples. */
export type Area = 'DATASETS' | 'DESIGNS' | 'JOBS' | 'QUARANTINE' | 'CREDENTIALS' | 'AUDIT';

/** What can be done. PUSH: push to a dataset and delete from it. MANAGE: everything else. */
export type Right = 'MANAGE' | 'PUSH';

/** What a caller sees of a dataset's rows. */
export interface RowView {
  /** Null: every row. */
  readonly filter: RecordFilter | null;
  /** The columns that the caller sees. For this caller, the design has no others. */
  readonly columns: readonly Column[];
}

/** Compiles a caller's permissions for a dataset, given the columns of its applied design. Throws FORBIDDEN if the caller sees no rows of it. */
export type RowRestriction = (columns: readonly Column[]) => RowView;

/** What a caller may read and do. */
export interface Access {
  /** The ids of the datasets that the caller may know of; null for all. */
  readonly datasets: ReadonlySet<string> | null;
  /** Whether the caller may know of a dataset only if it sees rows of it. */
  readonly knowsOnlyReadable: boolean;
  /** Whether the caller sees an area of a dataset; without an id, of all datasets. */
  sees(area: Area, datasetId?: string): boolean;
  /** Whether the caller has a right on a dataset; without an id, on all datasets. */
  may(right: Right, datasetId?: string): boolean;
  /** Null if the caller sees all rows and columns of the dataset. */
  restrictionOf(datasetId: string): RowRestriction | null;
}

/** Who a credential belongs to. */
export interface Identity {
  /** The id of the API key or the push URL, or that of the subject of the viewer token; different for all of them. Idempotency keys and limits belong to it. */
  readonly id: string;
  readonly kind: 'API_KEY' | 'VIEWER' | 'PUSH_URL';
  /** What users know it by. */
  readonly name: string;
  readonly access: Access;
  /** Tells its credential from others of the same kind, such as the hash of a secret; never the secret itself. */
  readonly credential: string;
  readonly rateLimit: RateLimit;
  /** When its credential ends; null if it has no end. */
  readonly expiresAt: Date | null;
}

/** Who sends a request. */
export interface Caller extends Identity {
  /** The address that the request came from; that of the client if trusted proxies are between. */
  readonly address: string;
}

export const FULL_ACCESS: Access = {
  datasets: null,
  knowsOnlyReadable: false,
  sees: () => true,
  may: () => true,
  restrictionOf: () => null,
};

const NAME_OF_AREA: Record<Area, string> = {
  DATASETS: 'datasets',
  DESIGNS: 'connections, samples and designs',
  JOBS: 'jobs',
  QUARANTINE: 'quarantined records',
  CREDENTIALS: 'API keys and push URLs',
  AUDIT: 'entries of the audit log',
};

/** Throws FORBIDDEN unless the caller sees the area of the dataset; without an id, of all datasets. The message does not say what exists. */
export function requireArea(caller: Caller, area: Area, datasetId?: string): void {
  if (caller.access.sees(area, datasetId)) return;
  throw forbidden(caller, `may not read these ${NAME_OF_AREA[area]}`);
}

/** Throws FORBIDDEN unless the caller has the right on the dataset; without an id, on all datasets. The message does not say what exists. */
export function requireRight(caller: Caller, right: Right, datasetId?: string): void {
  if (caller.access.may(right, datasetId)) return;
  if (right === 'MANAGE') throw forbidden(caller, 'may not do this, which takes the scope MANAGE');
  throw forbidden(caller, 'may not push to this dataset or delete from it, which takes the scope PUSH on it');
}

const NAME_OF_KIND: Record<Identity['kind'], string> = {
  API_KEY: 'the API key',
  VIEWER: 'the viewer token of',
  PUSH_URL: 'the push URL',
};

/** The error for a caller who may not do something. */
export function forbidden({ kind, name }: Pick<Identity, 'kind' | 'name'>, what: string): SluiceError {
  return new SluiceError('FORBIDDEN', `${NAME_OF_KIND[kind]} ${JSON.stringify(name)} ${what}; use an API key that may`);
}
