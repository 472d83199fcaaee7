/** How many batches are read at the same time. */
const BATCHES_AT_ONCE = 2;
const KEYS_OF_BATCH = 1_000;
/** No id is longer. A longer key is read alone, so that a batch stays small. */
const LONGEST_ID = 200;

/** Reads what has these keys; those that nothing has are not in the result. */
export type ReadMany<T> = (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>;

interface Batch<T> {
  readonly keys: Set<string>;
  readonly found: Promise<ReadonlyMap<string, T>>;
}

/**
 * Reads one by one, in few batches: what is asked for while two batches are being read is in the next one, which begins when one of them ends. So no result is older than the call for
 * it, and a thousand simultaneous calls cost three reads, whatever their keys are. Null if nothing has the key.
 *
 * ```
 * calls   a     b  c        d  e  f
 * reads   |--a------||--d, e, f--|
 *               |--b--||--c--|
 * ```
 */
export function batched<T>(readMany: ReadMany<T>): (key: string) => Promise<T | null> {
  const waiting: (() => void)[] = [];
  let running = 0;
  let next: Batch<T> | null = null;

  const turn = async () => {
    if (running < BATCHES_AT_ONCE) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const endTurn = () => {
    const resume = waiting.shift();
    if (resume) resume();
    else running -= 1;
  };

  async function read(keys: Set<string>): Promise<ReadonlyMap<string, T>> {
    await turn();
    if (next?.keys === keys) next = null;
    try {
      return await readMany([...keys]);
    } finally {
      endTurn();
    }
  }

  function begin(...first: string[]): Batch<T> {
    const keys = new Set(first);
    return { keys, found: read(keys) };
  }

  return async (key) => {
    if (key.length > LONGEST_ID) return (await begin(key).found).get(key) ?? null;
    if (!next || next.keys.size >= KEYS_OF_BATCH) next = begin();
    next.keys.add(key);
    return (await next.found).get(key) ?? null;
  };
}
