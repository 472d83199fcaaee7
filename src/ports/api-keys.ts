import type { ApiKey } from '../domain/security/api-key.js';
import type { ListPage } from './catalog.js';

export interface ApiKeyListQuery {
  readonly first: number;
  /** The id of the last key of the previous page. */
  readonly after?: string | undefined;
}

/** What a rotation changes. */
export interface Rotation {
  readonly prefix: string;
  readonly secretHash: Buffer;
  /** Until when the secret before it stays valid. */
  readonly previousUntil: Date;
}

/** The API keys of the service. Every call reads or writes the database. */
export interface ApiKeys {
  /** Stores a key. A stored key with the same secret does not change. */
  insert(key: ApiKey): Promise<void>;
  /** Makes this the only configured key, and revokes the others. A stored key with the same secret, in whatever state it is, becomes the configured one. */
  configure(key: ApiKey): Promise<void>;
  find(id: string): Promise<ApiKey | null>;
  /** The key whose current or previous secret has this hash, in whatever state it is. */
  findByHash(secretHash: Buffer): Promise<ApiKey | null>;
  /** The keys that have secrets with these hashes, in whatever state they are. */
  findByHashes(secretHashes: readonly Buffer[]): Promise<readonly ApiKey[]>;
  /** Newest first. */
  list(query: ApiKeyListQuery): Promise<ListPage<ApiKey>>;
  count(): Promise<number>;
  /** Revokes a key; one that is revoked already keeps its time. Null if there is no such key. */
  revoke(id: string, at: Date): Promise<ApiKey | null>;
  /** Gives a key a new secret. The current one becomes the previous one, and the one before it ends. Null if the key does not exist or is revoked. */
  rotate(id: string, rotation: Rotation): Promise<ApiKey | null>;
  /** Records that a key was used at this time. */
  recordUse(id: string, at: Date): Promise<void>;
}
