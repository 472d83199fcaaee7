import type { Db, Document } from 'mongodb';

/** Room for what one piece of work asks: the server's own default of 1 MB would drop the first of it. */
const PROFILE_BYTES = 32 * 1024 * 1024;

/** One operation, as MongoDB executed it. */
export interface NotedOperation {
  readonly collection: string;
  /** The request: the command, or the statement of a bulk. */
  readonly command: Document;
  /** The stages of the plan that was run, as `explain` names them: `IXSCAN { datasetId: 1, position: 1 }`. */
  readonly plan: string;
  readonly keysExamined: number;
  readonly documentsExamined: number;
  /** Documents returned, matched by an update, deleted, or counted. */
  readonly returned: number;
}

/**
 * The operations on collections that MongoDB carries out while `work` is under way, each with the plan that was run and what it examined: all of the database
 * are noted by its profiler, transactions included, so that none is left out by being made elsewhere.
 */
export async function operationsOf(db: Db, work: () => Promise<unknown>): Promise<NotedOperation[]> {
  await db.createCollection('system.profile', { capped: true, size: PROFILE_BYTES });
  try {
    await db.command({ profile: 2 });
    await work();
    await db.command({ profile: 0 });
    const noted = { planSummary: { $exists: true }, ns: { $not: /system\.profile$/ } };
    const found = await db.collection('system.profile').find(noted).toArray();
    return await Promise.all(found.map((one) => toOperation(db, one)));
  } finally {
    await db.command({ profile: 0 });
    await db.dropCollection('system.profile');
  }
}

async function toOperation(db: Db, noted: Document): Promise<NotedOperation> {
  const { ns, planSummary: plan, keysExamined = 0, docsExamined: documentsExamined = 0 } = noted;
  const collection = String(ns).slice(db.databaseName.length + 1);
  const { $clusterTime, $db, lsid, txnNumber, autocommit, startTransaction, ...command } = noted.command as Document;
  const returned = await resultsOf(db, collection, noted);
  return { collection, command, plan, keysExamined, documentsExamined, returned };
}

async function resultsOf(db: Db, collection: string, noted: Document): Promise<number> {
  const { command, nreturned, nMatched, nUpserted = 0, ndeleted } = noted;
  if (ndeleted !== undefined) return ndeleted;
  if (nMatched !== undefined) return nMatched + nUpserted;
  // What was counted is told to the client alone: it is counted once more.
  if (command.distinct) return (await db.collection(collection).distinct(command.key, command.query)).length;
  const [first, ...others] = command.pipeline ?? [];
  if (others.some((stage: Document) => stage.$group)) return db.collection(collection).countDocuments(first.$match);
  return nreturned ?? 0;
}
