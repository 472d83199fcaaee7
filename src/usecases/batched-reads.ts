import { joined } from '../event-loop/joined-calls.js';

/** No id is longer. A longer key is read alone, so that a batch stays small. */
const LONGEST_ID = 200;

/** Reads what has these keys; those that nothing has are not in the result. */
export type ReadMany<T> = (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>;

/**
 * Reads one by one, in few batches: what is asked for while two batches are being read is in the next one, which begins after the calls. So no result is older than the call for it, and
 * a thousand simultaneous calls cost three reads, whatever their keys are. Null if nothing has the key.
 */
export function batched<T>(readMany: ReadMany<T>): (key: string) => Promise<T | null> {
  const read = joined(async (keys: readonly string[]) => {
    const found = await readMany([...new Set(keys)]);
    return keys.map((key) => found.get(key) ?? null);
  });
  return async (key) => (key.length > LONGEST_ID ? ((await readMany([key])).get(key) ?? null) : read(key));
}
