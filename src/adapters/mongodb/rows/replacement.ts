import { BSON, type Document } from 'mongodb';
import { rowOf } from '../../../ports/plain-write.js';
import type { RowWrite } from '../../../ports/row-writes.js';
import { DELETED, toDocument } from './row-document.js';

/** An aggregation expression: the document under the write's id after the write, computed from the current document, if there is one. */
export function replacementOf(write: RowWrite): Document {
  // A missing version sorts before every number.
  return { $cond: [{ $lt: ['$v', write.version] }, written(write), '$$ROOT'] };
}

function written(write: RowWrite): Document {
  if ('plain' in write) return { $literal: toDocument(rowOf(write)) };
  if ('encoded' in write) return { $literal: BSON.deserialize(write.encoded.subarray(write.start, write.end)) };
  if (!('deleted' in write)) return { $literal: toDocument(write) };
  return { $mergeObjects: [{ $literal: { _id: write.id, v: write.version, d: DELETED } }, { t: '$$NOW' }] };
}
