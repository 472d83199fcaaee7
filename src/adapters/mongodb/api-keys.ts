import { Binary } from 'mongodb';
import type { ApiKey } from '../../domain/security/api-key.js';
import type { ApiKeys } from '../../ports/api-keys.js';
import type { ApiKeyDocument } from './access-documents.js';
import type { Collections } from './collections.js';
import { EVERY_ID, listPage } from './lists.js';

/** API keys on MongoDB. The unique indexes on the hashes of secrets find a key without comparing secrets. */
export function mongoApiKeys({ apiKeys }: Pick<Collections, 'apiKeys'>): ApiKeys {
  const findByHashes = async (hashes: readonly Buffer[]) => {
    const wanted = { $in: hashes.map((hash) => new Binary(hash)) };
    const found = await apiKeys.find({ $or: [{ secretHash: wanted }, { 'previous.secretHash': wanted }] }).toArray();
    return found.map(toKey);
  };

  return {
    findByHashes,

    async insert(key) {
      const document = toDocument(key);
      await apiKeys.updateOne({ secretHash: document.secretHash }, { $setOnInsert: document }, { upsert: true });
    },

    async configure(key) {
      const { source, scopes, datasetIds, expiresAt, revokedAt, ...document } = toDocument(key);
      const { secretHash } = document;
      const change = { $set: { source, scopes, datasetIds, expiresAt, revokedAt }, $setOnInsert: document };
      await apiKeys.updateOne({ secretHash }, change, { upsert: true });
      const others = { source: 'CONFIGURED', secretHash: { $ne: secretHash }, revokedAt: null } as const;
      await apiKeys.updateMany(others, { $set: { revokedAt: key.createdAt } });
    },

    async find(id) {
      const found = await apiKeys.findOne({ _id: id });
      return found && toKey(found);
    },

    findByHash: async (hash) => (await findByHashes([hash]))[0] ?? null,

    async list({ first, after }) {
      const page = await listPage(apiKeys, {}, first, after);
      return { ...page, nodes: page.nodes.map(toKey) };
    },

    count: () => apiKeys.countDocuments(EVERY_ID),

    async revoke(id, at) {
      const change = [{ $set: { revokedAt: { $ifNull: ['$revokedAt', at] } } }];
      const revoked = await apiKeys.findOneAndUpdate({ _id: id }, change, { returnDocument: 'after' });
      return revoked && toKey(revoked);
    },

    async rotate(id, { prefix, secretHash, previousUntil }) {
      const previous = { secretHash: '$secretHash', until: previousUntil };
      const change = [{ $set: { prefix: { $literal: prefix }, secretHash: new Binary(secretHash), previous } }];
      const usable = { _id: id, revokedAt: null };
      const rotated = await apiKeys.findOneAndUpdate(usable, change, { returnDocument: 'after' });
      return rotated && toKey(rotated);
    },

    async recordUse(id, at) {
      await apiKeys.updateOne({ _id: id }, { $max: { lastUsedAt: at } }, { writeConcern: { w: 1 } });
    },
  };
}

function toDocument({ id, secretHash, previous, rateLimit, ...key }: ApiKey): ApiKeyDocument {
  const stored = { _id: id, secretHash: new Binary(secretHash), ...key, ...(rateLimit && { rateLimit }) };
  return previous ? { ...stored, previous: { ...previous, secretHash: new Binary(previous.secretHash) } } : stored;
}

/** Keys that were stored before there were scopes may do everything, as they could. */
const OF_BEFORE = {
  prefix: '',
  scopes: ['MANAGE'],
  datasetIds: null,
  source: 'CREATED',
  createdBy: null,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  rateLimit: null,
} as const;

function toKey({ _id: id, secretHash, previous, ...key }: ApiKeyDocument): ApiKey {
  return {
    id,
    secretHash: Buffer.from(secretHash.buffer),
    previous: previous ? { ...previous, secretHash: Buffer.from(previous.secretHash.buffer) } : null,
    ...OF_BEFORE,
    ...key,
  };
}
