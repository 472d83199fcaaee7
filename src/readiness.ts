import type { Database } from './database.js';
import type { Readiness, ReadinessProblem } from './edge/open-routes.js';
import type { OpenRecordStore } from './open-record-store.js';
import type { JobLedger } from './ports/job-ledger.js';
import type { Workers } from './ports/workers.js';

const MAX_HELD_UP = 100;

/** Ready means that pushes are accepted: the database responds and its disk has room, whatever the state of the record store. */
export async function readinessOf(
  database: Database,
  store: OpenRecordStore,
  { ledger, workers }: { readonly ledger: JobLedger; readonly workers: Workers },
): Promise<Readiness> {
  const shortage = database.storage.shortage();
  const [silence, problems] = await Promise.all([silenceOf(database), store.problems()]);
  return {
    ready: silence === null && shortage === null,
    problems: [
      ...(shortage === null ? [] : [{ summary: 'the disk of MongoDB is full', detail: shortage }]),
      ...(silence === null ? [...(await noWorker(workers)), ...(await heldUpLoads(ledger))] : [silence]),
      ...problems.map((detail) => ({ summary: 'the record store has a problem', detail })),
    ],
    notices: database.notices,
  };
}

async function noWorker(workers: Workers): Promise<ReadinessProblem[]> {
  const absence = await workers.absence();
  if (absence === null) return [];
  const since = absence.since === null ? '' : ` since ${absence.since.toISOString()}`;
  const detail = `no worker is running${since}: pushes are accepted and wait; start a process with SLUICE_ROLE=worker or all`;
  return [{ summary: detail, detail }];
}

/** Names the dataset, but not the reason, which may quote pushed data: clients with a key can read it in the jobs. */
async function heldUpLoads(ledger: JobLedger): Promise<ReadinessProblem[]> {
  const [first, ...others] = await ledger.heldUp(MAX_HELD_UP);
  if (!first) return [];
  const more = others.length === 0 ? '' : ` and ${others.length + 1 === MAX_HELD_UP ? 'many' : others.length} more`;
  const since = `have been waiting since ${first.since.toISOString()}`;
  const detail = `loads of dataset ${first.datasetId}${more} ${since}; waitingFor of its jobs says why`;
  return [{ summary: `loads ${since}`, detail }];
}

/** Why the database does not respond; null if it does. */
async function silenceOf({ db, storage }: Database): Promise<ReadinessProblem | null> {
  const outage = storage.outage();
  const summary = 'MongoDB does not respond';
  if (outage !== null) return { summary, detail: outage };
  try {
    await db.command({ ping: 1 }, { timeoutMS: 2_000 });
    return null;
  } catch (error) {
    return { summary, detail: `MongoDB: ${error instanceof Error ? error.message : String(error)}` };
  }
}
