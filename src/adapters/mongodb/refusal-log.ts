import { hash } from 'node:crypto';
import type { Filter } from 'mongodb';
import type { RefusalCount, RefusalFilter, RefusalLog } from '../../ports/refusal-log.js';
import type { RefusalDocument } from './access-documents.js';
import type { Collections } from './collections.js';
import { EVERY_ID, listPage } from './lists.js';

const HASH_LENGTH = 22;

/** Counts of refusals on MongoDB. Their ids begin with their minutes, so that they sort by time. */
export function mongoRefusalLog({ refusals }: Pick<Collections, 'refusals'>): RefusalLog {
  return {
    async add(counts) {
      if (counts.length === 0) return;
      const updates = counts.map(({ count, ...what }) => ({
        updateOne: {
          filter: { _id: idOf(what) },
          update: { $inc: { count }, $setOnInsert: what },
          upsert: true,
        },
      }));
      await refusals.bulkWrite(updates, { ordered: false });
    },

    async list({ first, after, ...filter }) {
      const page = await listPage(refusals, filterOf(filter), first, after);
      return { ...page, nodes: page.nodes.map(({ _id: id, ...count }) => ({ id, ...count })) };
    },

    count: (filter) => refusals.countDocuments({ $and: [EVERY_ID, filterOf(filter)] }),
  };
}

function idOf({ minute, reason, caller, address }: Omit<RefusalCount, 'count'>): string {
  const who = JSON.stringify([reason, caller?.kind, caller?.id, address]);
  return `${minute.toISOString()}/${hash('sha256', who, 'base64url').slice(0, HASH_LENGTH)}`;
}

function filterOf({ reasons, callerId, address, from, to }: RefusalFilter): Filter<RefusalDocument> {
  const times = { ...(from && { $gte: from.toISOString() }), ...(to && { $lt: to.toISOString() }) };
  return {
    ...(reasons && { reason: { $in: [...reasons] } }),
    ...(callerId !== undefined && { 'caller.id': callerId }),
    ...(address !== undefined && { address }),
    ...((from || to) && { _id: times }),
  };
}
