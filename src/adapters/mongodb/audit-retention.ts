import { type Db, MongoServerError } from 'mongodb';
import type { Collections } from './collections.js';

const INDEX_OPTIONS_CONFLICT = 85;
const DAY_SECONDS = 86_400;

/** Makes MongoDB remove entries of the audit log this many days after their actions, also those that are stored already. */
export async function keepAuditFor(days: number, db: Db, { audit }: Pick<Collections, 'audit'>): Promise<void> {
  const expireAfterSeconds = days * DAY_SECONDS;
  try {
    await audit.createIndex({ at: 1 }, { expireAfterSeconds });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== INDEX_OPTIONS_CONFLICT) throw error;
    await db.command({ collMod: audit.collectionName, index: { keyPattern: { at: 1 }, expireAfterSeconds } });
  }
}
