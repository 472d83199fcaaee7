/** A stored API key: only the SHA-256 of the secret is kept. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Buffer;
  readonly createdAt: Date;
}

export interface ApiKeys {
  /** Stores a key. A stored key with the same secret does not change. */
  insert(key: ApiKey): Promise<void>;
  findByHash(secretHash: Buffer): Promise<ApiKey | null>;
  count(): Promise<number>;
}
