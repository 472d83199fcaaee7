/** The kind of a storage error. DISK_FULL: no space is left. PASSING: the same request can succeed later. TOO_SLOW: the storage ended a query of a client, which took too long. OTHER: none of these. */
export type StorageErrorKind = 'DISK_FULL' | 'PASSING' | 'TOO_SLOW' | 'OTHER';

/** What is known, without a request, about storage that this service runs itself. For storage that others run, only the errors of requests tell. */
export interface StorageHealth {
  /** Names the full disk and how much is free; null while there is room, and for storage that others run. Never throws. */
  shortage(): string | null;
  /** Why no request can succeed now; null while requests may succeed. Set if the storage has ended and could not be restarted yet. Never throws. */
  outage(): string | null;
  /** The kind of a storage error, or of the storage error that caused an error; null for any other error. Never throws. */
  errorKind(error: unknown): StorageErrorKind | null;
}

/** The health of storage that others run. */
export const FOREIGN_STORAGE: StorageHealth = { shortage: () => null, outage: () => null, errorKind: () => null };
