/*
 * Long work is done in turns of the event loop, so that everything else in the process can run in between. There is one clock for all: work of a hundred requests that arrived together
 * ends the same turn, and each goes on in a turn of its own, in the order in which they began to wait.
 */

const TURN_MS = 10;
const ITEMS_BETWEEN_LOOKS = 64;

/** When the present turn is over; null before the first look at the clock in it. */
let end: number | null = null;
const waiting: (() => void)[] = [];

/** The turn ends in the next round of the event loop: immediates of this one would come before timers and new requests. */
function begin(): number {
  setImmediate(() => setImmediate(next));
  return performance.now() + TURN_MS;
}

/** Begins the next turn, with the work that has waited longest. */
function next(): void {
  const goOn = waiting.shift();
  if (goOn) setImmediate(next);
  end = goOn ? performance.now() + TURN_MS : null;
  goOn?.();
}

/** Whether the turn has taken its time. */
export function turnIsOver(): boolean {
  end ??= begin();
  return performance.now() >= end;
}

/** Resolves in a later turn, which nobody else who waits for one shares. */
export function endTurn(): Promise<void> {
  end ??= begin();
  return new Promise((resolve) => waiting.push(resolve));
}

/** Ends the turn if its time is over. Call it between pieces of work. */
export async function endTurnIfOver(): Promise<void> {
  if (turnIsOver()) await endTurn();
}

/** Lets everything that waits have its turn. For use between two long pieces of work that cannot be divided. */
export async function othersFirst(): Promise<void> {
  await endTurn();
  // The first one may come back before timers and new requests had their turn.
  await endTurn();
}

/** Runs work that yields now and then to its end, and returns its result. */
export async function inTurns<T>(slices: Generator<void, T>): Promise<T> {
  // Also before the first slice: the clock must run while it is made.
  if (turnIsOver()) await endTurn();
  let slice = slices.next();
  for (; !slice.done; slice = slices.next()) if (turnIsOver()) await endTurn();
  return slice.value;
}

/** Calls `take` with each item, a few dozen between two looks at the clock. */
export async function eachInTurns<T>(items: Iterable<T>, take: (item: T) => void): Promise<void> {
  if (turnIsOver()) await endTurn();
  let taken = 0;
  for (const item of items) {
    take(item);
    taken += 1;
    if (taken % ITEMS_BETWEEN_LOOKS === 0 && turnIsOver()) await endTurn();
  }
  if (turnIsOver()) await endTurn();
}

/** Calls `take` with each item, whose work may be long or in slices. A turn may end after each item, and after each slice. */
export async function eachInSlices<T>(
  items: Iterable<T>,
  take: (item: T) => Generator<void> | undefined,
): Promise<void> {
  if (turnIsOver()) await endTurn();
  for (const item of items) {
    const slices = take(item);
    if (slices) for (const _ of slices) if (turnIsOver()) await endTurn();
    if (turnIsOver()) await endTurn();
  }
}
