import type { Clock } from '../ports/clock.js';
import type { Generations } from '../ports/generations.js';
import type { Purge } from '../ports/purge.js';
import type { RecordStore } from '../ports/record-store.js';

const EVERY_MS = 30_000;
/** How long a deleted dataset's jobs can still be asked for. */
const DELETED_MS = 60_000;
/** An append that takes longer may fail. */
const APPENDING_MS = 15 * 60_000;
/** Late writes of an owner that lost its lane are over by then. */
const TOMBSTONE_MS = 60 * 60_000;

export interface UpkeepDeps {
  readonly generations: Generations;
  readonly records: Pick<RecordStore, 'dropGeneration' | 'sweepTombstones' | 'ownGenerations'>;
  readonly purge: Purge;
  readonly clock: Clock;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** One round of removing what nobody needs any longer: deleted datasets, generations out of use or unknown, old tombstones, payloads without a job. */
export async function upkeepRound({ generations, records, purge, clock }: UpkeepDeps): Promise<void> {
  const now = clock.now().getTime();
  await purge.deletedDatasets(new Date(now - DELETED_MS));
  for (const generation of await generations.expired()) {
    await records.dropGeneration(generation);
    await generations.forget(generation);
  }
  // Listed before they are looked up: whatever is made is in the register first.
  for (const stray of await generations.unknown(await records.ownGenerations())) await records.dropGeneration(stray);
  for (const { generation, through } of await generations.withOldTombstones(TOMBSTONE_MS)) {
    await records.sweepTombstones(generation, TOMBSTONE_MS);
    await generations.swept(generation, through);
  }
  await purge.orphanedPayloads(new Date(now - APPENDING_MS));
}

/** Rounds every half minute; what fails is reported and done in the next one. Answers a function that ends them. */
export function startUpkeep(deps: UpkeepDeps): () => void {
  let working = false;
  const round = async () => {
    if (working) return;
    working = true;
    try {
      await upkeepRound(deps);
    } catch (error) {
      deps.reportError(error, 'removing what is not needed any longer');
    } finally {
      working = false;
    }
  };
  const timer = setInterval(round, EVERY_MS);
  return () => clearInterval(timer);
}
