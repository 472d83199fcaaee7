/** Of an error of the storage. DISK_FULL: it says that it has no space left. PASSING: the same request can succeed later. OTHER: neither. */
export type StorageErrorKind = 'DISK_FULL' | 'PASSING' | 'OTHER';

/** What is known, without a request, of storage that this service runs itself. Storage that others run is asked, and says so in its errors. */
export interface StorageHealth {
  /** Names the disk that is full and how much is free; null while there is room, and where the storage is not this service's own. Never throws. */
  shortage(): string | null;
  /** Why no request can succeed now; null while one may. Set when the storage has ended and cannot be started again yet. Never throws. */
  outage(): string | null;
  /** The kind of the storage's error that an error is, or was caused by; null for any other error. Never throws. */
  errorKind(error: unknown): StorageErrorKind | null;
}

/** The health of storage of which nothing is known. */
export const FOREIGN_STORAGE: StorageHealth = { shortage: () => null, outage: () => null, errorKind: () => null };
