import type { Collection, Filter } from 'mongodb';
import type { AuditEntry } from '../../domain/security/audit.js';
import type { AuditFilter, AuditLog } from '../../ports/audit-log.js';
import type { AuditDocument } from './access-documents.js';
import type { Collections } from './collections.js';
import { isDuplicateKey } from './duplicate-key.js';
import { firstIdAt } from './first-id-at.js';
import { EVERY_ID, listPage } from './lists.js';

const SETTLED_AT_ONCE = 100;

/** The audit log on MongoDB. Announcements are in a collection of their own, so that entries are only ever inserted. */
export function mongoAuditLog({ audit, announcements }: Pick<Collections, 'audit' | 'announcements'>): AuditLog {
  const forget = async (id: string) => {
    // If this is lost, settling finds that the entry is there.
    await announcements.deleteOne({ _id: id }, { writeConcern: { w: 1 } });
  };

  return {
    async announce(entry) {
      await announcements.insertOne(toDocument(entry));
    },

    async append(entry) {
      await insertOnce(audit, toDocument(entry));
      await forget(entry.id);
    },

    async retract(id) {
      await announcements.deleteOne({ _id: id });
    },

    async settle(announcedBefore) {
      const left = { _id: { $lt: firstIdAt(announcedBefore) } };
      for (;;) {
        const batch = await announcements.find(left).limit(SETTLED_AT_ONCE).toArray();
        for (const announced of batch) {
          await insertOnce(audit, { ...announced, outcome: 'UNKNOWN' });
          await forget(announced._id);
        }
        if (batch.length < SETTLED_AT_ONCE) return;
      }
    },

    async list({ first, after, ...filter }) {
      const page = await listPage(audit, filterOf(filter), first, after);
      return { ...page, nodes: page.nodes.map(toEntry) };
    },

    count: (filter) => audit.countDocuments({ $and: [EVERY_ID, filterOf(filter)] }),
  };
}

async function insertOnce(audit: Collection<AuditDocument>, document: AuditDocument): Promise<void> {
  try {
    await audit.insertOne(document);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

/** Times are found by the ids, which begin with them. */
function filterOf({ actions, callerId, datasetId, from, to }: AuditFilter): Filter<AuditDocument> {
  const times = { ...(from && { $gte: firstIdAt(from) }), ...(to && { $lt: firstIdAt(to) }) };
  return {
    ...(actions && { action: { $in: [...actions] } }),
    ...(callerId !== undefined && { 'caller.id': callerId }),
    ...(datasetId !== undefined && { datasetId }),
    ...((from || to) && { _id: times }),
  };
}

function toDocument({ id, ...entry }: AuditEntry): AuditDocument {
  return { _id: id, ...entry };
}

function toEntry({ _id: id, ...entry }: AuditDocument): AuditEntry {
  return { id, ...entry };
}
