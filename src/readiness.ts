import type { Database } from './database.js';
import type { Readiness } from './edge/open-routes.js';
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
      ...(shortage === null ? [] : [shortage]),
      ...(silence === null ? [...(await noWorker(workers)), ...(await heldUpLoads(ledger))] : [silence]),
      ...problems,
    ],
    notices: database.notices,
  };
}

async function noWorker(workers: Workers): Promise<string[]> {
  const absence = await workers.absence();
  if (absence === null) return [];
  const since = absence.since === null ? '' : ` since ${absence.since.toISOString()}`;
  return [`no worker is running${since}: pushes are accepted and wait; start a process with SLUICE_ROLE=worker or all`];
}

/** Names the dataset, but not the reason, which may quote pushed data: clients with a key can read it in the jobs. */
async function heldUpLoads(ledger: JobLedger): Promise<string[]> {
  const [first, ...others] = await ledger.heldUp(MAX_HELD_UP);
  if (!first) return [];
  const more = others.length === 0 ? '' : ` and ${others.length + 1 === MAX_HELD_UP ? 'many' : others.length} more`;
  return [
    `loads of dataset ${first.datasetId}${more} have been waiting since ${first.since.toISOString()}; waitingFor of its jobs says why`,
  ];
}

/** Why the database does not respond; null if it does. */
async function silenceOf({ db, storage }: Database): Promise<string | null> {
  const outage = storage.outage();
  if (outage !== null) return outage;
  try {
    await db.command({ ping: 1 }, { timeoutMS: 2_000 });
    return null;
  } catch (error) {
    return `MongoDB: ${error instanceof Error ? error.message : String(error)}`;
  }
}
