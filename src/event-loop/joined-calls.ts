/** How long calls wait at most for company, while another run is going on. */
const PATIENCE_MS = 50;

interface Bounds<I> {
  /** How many runs there are at the same time; calls that arrive meanwhile are joined. */
  readonly atOnce?: number;
  /** How many calls must wait for a run to begin beside another one. After 50 ms, fewer are enough. */
  readonly fewest?: number;
  /** How many calls one run joins. */
  readonly maxCalls?: number;
  readonly sizeOf?: (item: I) => number;
  /** How large the items of one run are together; a single one may be larger. */
  readonly maxSize?: number;
}

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (result: O) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one function of many calls: those that arrive while two runs are going on are joined in the next run, in their order, and so are calls that follow from the same event, such as the reply that many lanes waited for. With nothing else going on, nothing waits for
 * company: on an idle service each call is a run of its own, and a thousand simultaneous calls are a few runs. With `fewest`, a run begins beside another one only for so many calls, or when one has waited for 50 ms. `run` returns the results in the order of the items; if it throws, all of its calls reject.
 *
 * ```
 * calls   a     b  c  d        e
 * runs    |--a------||--c, d--|
 *               |--b----||--e--|
 * ```
 */
export function joined<I, O>(
  run: (items: readonly I[]) => Promise<readonly O[]>,
  { atOnce = 2, fewest = 1, maxCalls = 1_000, sizeOf = () => 0, maxSize = Number.POSITIVE_INFINITY }: Bounds<I> = {},
): (item: I) => Promise<O> {
  const waiting: Waiting<I, O>[] = [];
  let running = 0;
  let isDue = false;
  let patience: NodeJS.Timeout | undefined;

  const mayBegin = (least: number) => running < atOnce && waiting.length >= (running === 0 ? 1 : least);

  /** Once everything that follows from the same event has run, so that all of its calls are joined. */
  function beginSoon(): void {
    if (isDue || !mayBegin(1)) return;
    if (!mayBegin(fewest)) {
      patience ??= setTimeout(() => begin(1), PATIENCE_MS);
      return;
    }
    isDue = true;
    process.nextTick(() => {
      isDue = false;
      begin(fewest);
    });
  }

  function begin(least: number): void {
    clearTimeout(patience);
    patience = undefined;
    while (mayBegin(least)) {
      running += 1;
      void runTogether(takeJoined()).then(() => {
        running -= 1;
        beginSoon();
      });
    }
    beginSoon();
  }

  function takeJoined(): Waiting<I, O>[] {
    let size = 0;
    const tooMuch = waiting.findIndex(({ item }, index) => {
      size += sizeOf(item);
      return index >= maxCalls || (index > 0 && size > maxSize);
    });
    return waiting.splice(0, tooMuch === -1 ? waiting.length : tooMuch);
  }

  async function runTogether(calls: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const results = await run(calls.map(({ item }) => item));
      for (const [index, { resolve }] of calls.entries()) resolve(results[index] as O);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      beginSoon();
    });
}
