import { type Collection, MongoBulkWriteError } from 'mongodb';
import { joined } from '../../event-loop/joined-calls.js';
import type { JobDocument } from './documents.js';
import { isDuplicateKey } from './duplicate-key.js';

const BYTES_OF_INSERT = 4 * 1024 * 1024;

/** The jobs that one lane inserts. `bytes`: about what they take. */
export interface JobInsert {
  readonly documents: readonly JobDocument[];
  readonly bytes: number;
}

/**
 * Inserts documents in their order. Resolves once they are durable, with how many of the first ones are: all, or those before one with a unique key that was taken. Rejects
 * if it is unknown what was inserted.
 */
export type InsertJobs = (insert: JobInsert) => Promise<number>;

/** Inserts the jobs of many lanes with few writes. Each lane has at most one insert at a time here, so the order of its jobs is kept. */
export function joinedInserts(jobs: Pick<Collection<JobDocument>, 'insertMany'>): InsertJobs {
  return joined((inserts: readonly JobInsert[]) => insertAll(jobs, inserts), {
    maxSize: BYTES_OF_INSERT,
    sizeOf: ({ bytes }) => bytes,
  });
}

/** An ordered insert stops at the first document that it cannot insert: what comes after that lane is inserted again. */
async function insertAll(
  jobs: Pick<Collection<JobDocument>, 'insertMany'>,
  inserts: readonly JobInsert[],
): Promise<number[]> {
  const counts: number[] = [];
  while (counts.length < inserts.length) {
    const rest = inserts.slice(counts.length);
    let left = await insertedOf(
      jobs,
      rest.flatMap(({ documents }) => documents),
    );
    for (const { documents } of rest) {
      counts.push(Math.min(left, documents.length));
      left -= documents.length;
      if (left < 0) break;
    }
  }
  return counts;
}

/** How many of the first documents were inserted. */
async function insertedOf(
  jobs: Pick<Collection<JobDocument>, 'insertMany'>,
  documents: readonly JobDocument[],
): Promise<number> {
  try {
    await jobs.insertMany(documents, { ordered: true, writeConcern: { w: 'majority' } });
    return documents.length;
  } catch (error) {
    if (error instanceof MongoBulkWriteError && isDuplicateKey(error)) return error.insertedCount;
    throw error;
  }
}
