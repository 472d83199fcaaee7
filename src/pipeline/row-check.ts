import type { Clock } from '../ports/clock.js';
import type { RowWriter } from '../ports/record-store.js';
import type { SmallGroups } from '../ports/small-groups.js';

/** A check that rows can be written, which has begun. It writes nothing; `done` rejects if they cannot be written now. */
export interface RowCheck {
  readonly generation: string;
  /** By the monotonic clock. */
  readonly beganAt: number;
  readonly done: Promise<unknown>;
}

interface CheckDeps {
  readonly smallGroups: SmallGroups | null;
  readonly records: Pick<RowWriter, 'writeRows'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Begins to check whether rows can be written to a generation; only where a group could be loaded in one step. */
export function beginCheck(
  { smallGroups, records, clock }: CheckDeps,
  generation: string | undefined,
  stillOwned: () => void = () => undefined,
): RowCheck | undefined {
  if (!smallGroups || generation === undefined) return undefined;
  const beganAt = clock.monotonicMs();
  const done = records.writeRows(generation, [], stillOwned);
  // Who needs the check gets the error.
  done.catch(() => undefined);
  return { generation, beganAt, done };
}
