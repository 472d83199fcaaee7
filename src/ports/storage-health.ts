/** What is known, without a request, of storage that this service runs itself. Storage that others run is asked, and says so in its errors. */
export interface StorageHealth {
  /** Names the disk that is full and how much is free; null while there is room, and where the storage is not this service's own. Never throws. */
  shortage(): string | null;
  /** Why no request can succeed now; null while one may. Set when the storage has ended and cannot be started again yet. Never throws. */
  outage(): string | null;
  /** Whether an error comes from trouble with the server, so that the same request can succeed later. */
  isTrouble(error: unknown): boolean;
}

/** The health of storage of which nothing is known. */
export const FOREIGN_STORAGE: StorageHealth = { shortage: () => null, outage: () => null, isTrouble: () => false };
