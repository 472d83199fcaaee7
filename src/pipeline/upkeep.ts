import type { Clock } from '../ports/clock.js';
import type { Generations } from '../ports/generations.js';
import type { Purge } from '../ports/purge.js';
import type { RowWriter } from '../ports/record-store.js';

const EVERY_MS = 30_000;
/** How long a deleted dataset's jobs can still be asked for. */
const DELETED_MS = 60_000;
/** An append that takes longer may fail. */
const APPENDING_MS = 15 * 60_000;
/** Late writes of an owner that lost its lane are over by then. */
const TOMBSTONE_MS = 60 * 60_000;

export interface UpkeepDeps {
  readonly generations: Generations;
  readonly records: Pick<RowWriter, 'dropGeneration' | 'sweepTombstones' | 'ownGenerations'>;
  readonly purge: Purge;
  readonly clock: Clock;
  readonly reportError: (error: unknown, doing: string) => void;
}

/**
 * One round of removing what nobody needs any longer: deleted datasets, generations out of use or unknown, old tombstones, payloads without a job. What
 * fails is reported, keeps nothing else from being done, and is done in the next round.
 */
export async function upkeepRound({ generations, records, purge, clock, reportError }: UpkeepDeps): Promise<void> {
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
  await attempt('removing generations out of use', async () => {
    for (const generation of await generations.expired()) {
      await attempt(`removing the rows of ${generation}`, async () => {
        await records.dropGeneration(generation);
        await generations.forget(generation);
      });
    }
  });
  await attempt('removing unknown generations', async () => {
    // Listed before they are looked up: whatever is made is in the register first.
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

/** Rounds every half minute. Returns a function that ends them: what fails after that, since the database is closed, is not reported. */
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
