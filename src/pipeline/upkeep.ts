import type { AuditLog } from '../ports/audit-log.js';
import type { Clock } from '../ports/clock.js';
import type { Generations } from '../ports/generations.js';
import type { Purge } from '../ports/purge.js';
import type { RowWriter } from '../ports/record-store.js';

const EVERY_MS = 30_000;
/** How long the jobs of a deleted dataset can still be read. */
const DELETED_MS = 60_000;
/** A payload without a job is removed after this time, so an append that takes longer may fail. */
const APPENDING_MS = 15 * 60_000;
/** An audited action whose end is not known after this time counts as interrupted. */
const ACTING_MS = 10 * 60_000;
/** Tombstones are removed after this time. Late writes of a worker that lost its lane have ended by then. */
const TOMBSTONE_MS = 60 * 60_000;

export interface UpkeepDeps {
  readonly generations: Generations;
  readonly records: Pick<RowWriter, 'dropGeneration' | 'sweepTombstones' | 'ownGenerations'>;
  readonly purge: Purge;
  readonly auditLog: Pick<AuditLog, 'settle'>;
  readonly clock: Clock;
  readonly reportError: (error: unknown, doing: string) => void;
}

/**
 * Runs one cleanup round: removes deleted datasets, unused and unknown generations, old tombstones, and payloads without a job, and records that the ends of audited actions are unknown. A failed step is reported, does not stop
 * the others, and is retried in the next round.
 */
export async function upkeepRound({
  generations,
  records,
  purge,
  auditLog,
  clock,
  reportError,
}: UpkeepDeps): Promise<void> {
  const now = clock.now().getTime();
  const attempt = async (doing: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      reportError(error, doing);
    }
  };
  await attempt('removing deleted datasets', () => purge.deletedDatasets(new Date(now - DELETED_MS)));
  await attempt('removing payloads without a job', () => purge.orphanedPayloads(new Date(now - APPENDING_MS)));
  await attempt('settling audited actions', () => auditLog.settle(new Date(now - ACTING_MS)));
  await attempt('removing unused generations', async () => {
    for (const generation of await generations.expired()) {
      await attempt(`removing the rows of ${generation}`, async () => {
        await records.dropGeneration(generation);
        await generations.forget(generation);
      });
    }
  });
  await attempt('removing unknown generations', async () => {
    // List them before the lookup: a generation is registered before it is created, so a new one is never unknown.
    const strays = await generations.unknown(await records.ownGenerations());
    for (const stray of strays) await attempt(`removing ${stray}`, () => records.dropGeneration(stray));
  });
  await attempt('removing old tombstones', async () => {
    for (const { generation, through } of await generations.withOldTombstones(TOMBSTONE_MS)) {
      await attempt(`removing old tombstones of ${generation}`, async () => {
        await records.sweepTombstones(generation, TOMBSTONE_MS);
        await generations.swept(generation, through);
      });
    }
  });
}

/** Runs a round every 30 seconds. Returns a function that stops it. Later failures are not reported, because the database is closed by then. */
export function startUpkeep(deps: UpkeepDeps): () => void {
  let working = false;
  let ended = false;
  const reportError: UpkeepDeps['reportError'] = (error, doing) => {
    if (!ended) deps.reportError(error, doing);
  };
  const round = async () => {
    if (working) return;
    working = true;
    await upkeepRound({ ...deps, reportError });
    working = false;
  };
  const timer = setInterval(round, EVERY_MS);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
