import { Binary } from 'mongodb';
import type { ApiKeys } from '../../ports/api-keys.js';
import type { Collections } from './collections.js';
import { EVERY_ID } from './lists.js';

/** API keys on MongoDB. The unique index on the hash of the secret finds a key without comparing secrets. */
export function mongoApiKeys({ apiKeys }: Pick<Collections, 'apiKeys'>): ApiKeys {
  return {
    async insert({ id, name, secretHash, createdAt }) {
      const document = { _id: id, name, secretHash: new Binary(secretHash), createdAt };
      await apiKeys.updateOne({ secretHash: document.secretHash }, { $setOnInsert: document }, { upsert: true });
    },

    async findByHash(hash) {
      const found = await apiKeys.findOne({ secretHash: new Binary(hash) });
      if (!found) return null;
      const { _id: id, name, secretHash, createdAt } = found;
      return { id, name, secretHash: Buffer.from(secretHash.buffer), createdAt };
    },

    count: () => apiKeys.countDocuments(EVERY_ID),
  };
}
