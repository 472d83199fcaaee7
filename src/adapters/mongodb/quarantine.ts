import type { Filter } from 'mongodb';
import type { Quarantine, QuarantinedRecord } from '../../ports/quarantine.js';
import { boundedPage, RAW } from './bounded-page.js';
import type { Collections } from './collections.js';
import type { QuarantinedDocument } from './documents.js';
import { keepOfRun } from './run-writes.js';

/** A document can have 16 MB; the rest is for the reasons, each of a few kilobytes. */
const MAX_QUARANTINED_BYTES = 12 * 1024 * 1024;

/** The quarantine on MongoDB. */
export function mongoQuarantine({ quarantine }: Pick<Collections, 'quarantine'>): Quarantine {
  const shown = (datasetId: string): Filter<QuarantinedDocument> => ({ datasetId, visible: true });

  return {
    maxRecordBytes: MAX_QUARANTINED_BYTES,

    // Jobs before a group are final, so their records are visible.
    countBefore: (datasetId, position) =>
      quarantine.countDocuments({ ...shown(datasetId), position: { $lt: position } }),

    countKept: (datasetId, positions) => quarantine.countDocuments({ datasetId, position: { $in: [...positions] } }),

    keep: ({ runToken }, records) =>
      keepOfRun(
        quarantine,
        runToken,
        records.map(({ id: _id, ...record }) => ({ _id, ...record, visible: false })),
      ),

    async list(datasetId, { ids, first, maxBytes, after }) {
      const { position, recordIndex } = after ?? { position: 0, recordIndex: -1 };
      const chosen = { ...shown(datasetId), ...(ids && { _id: { $in: [...ids] } }) };
      // Each branch has all conditions: only then does MongoDB start at the right place in the index, and not at the first record.
      const later = [{ position, recordIndex: { $gt: recordIndex } }, { position: { $gt: position } }];
      const found = quarantine
        .find({ $or: later.map((place) => ({ ...chosen, ...place })) }, RAW)
        .sort({ position: 1, recordIndex: 1 })
        .limit(first + 1);
      const { documents, more } = await boundedPage(found, { limit: first, maxBytes });
      return { nodes: documents.map(toRecord), hasNextPage: more };
    },

    count: (datasetId) => quarantine.countDocuments(shown(datasetId)),

    async existingIds(datasetId, ids) {
      return new Set(await quarantine.distinct('_id', { ...shown(datasetId), _id: { $in: [...ids] } }));
    },

    async discard(datasetId, ids) {
      const chosen = ids ? { ...shown(datasetId), _id: { $in: [...ids] } } : shown(datasetId);
      return (await quarantine.deleteMany(chosen)).deletedCount;
    },
  };
}

function toRecord({
  _id: id,
  visible: _visible,
  runToken: _runToken,
  ...record
}: QuarantinedDocument): QuarantinedRecord {
  return { id, ...record };
}
