/** A caller's key as stored: of the secret only its SHA-256 is kept. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Buffer;
  readonly createdAt: Date;
}

export interface ApiKeys {
  /** Stores a key; one with the same secret stays as it is. */
  insert(key: ApiKey): Promise<void>;
  findByHash(secretHash: Buffer): Promise<ApiKey | null>;
  count(): Promise<number>;
}
