import { Binary } from 'mongodb';
import type { PushUrl } from '../../domain/hooks/push-url.js';
import type { PushUrls } from '../../ports/push-urls.js';
import type { PushUrlDocument } from './access-documents.js';
import type { Collections } from './collections.js';
import { listPage } from './lists.js';

/** Push URLs on MongoDB. The unique index on the hash of the token finds a push URL without comparing tokens. */
export function mongoPushUrls({ pushUrls }: Pick<Collections, 'pushUrls'>): PushUrls {
  return {
    async insert({ id, tokenHash, ...pushUrl }) {
      await pushUrls.insertOne({ _id: id, tokenHash: new Binary(tokenHash), ...pushUrl });
    },

    async findByHash(tokenHash) {
      const found = await pushUrls.findOne({ tokenHash: new Binary(tokenHash) });
      return found && toPushUrl(found);
    },

    async list({ datasetId, first, after }) {
      const page = await listPage(pushUrls, { datasetId }, first, after);
      return { ...page, nodes: page.nodes.map(toPushUrl) };
    },

    count: (datasetId) => pushUrls.countDocuments({ datasetId }),

    async revoke(id, at) {
      const change = [{ $set: { revokedAt: { $ifNull: ['$revokedAt', at] } } }];
      const revoked = await pushUrls.findOneAndUpdate({ _id: id }, change, { returnDocument: 'after' });
      return revoked && toPushUrl(revoked);
    },

    async recordUse(id, at) {
      await pushUrls.updateOne({ _id: id }, { $max: { lastUsedAt: at } }, { writeConcern: { w: 1 } });
    },
  };
}

function toPushUrl({ _id: id, tokenHash, ...pushUrl }: PushUrlDocument): PushUrl {
  return { id, tokenHash: Buffer.from(tokenHash.buffer), ...pushUrl };
}
