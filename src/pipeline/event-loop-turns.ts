import { setImmediate } from 'node:timers/promises';

const TURN_MS = 10;
const RECORDS_BETWEEN_LOOKS = 64;

/** Keeps work on many records from holding up everything else in the process. */
export function eventLoopTurns() {
  let calls = 0;
  let turnEnd = performance.now() + TURN_MS;
  async function endTurn(): Promise<void> {
    await setImmediate();
    turnEnd = performance.now() + TURN_MS;
  }
  return {
    /** To be awaited once a record: lets other work run when this one has had its 10 ms. */
    giveWay(): Promise<void> | undefined {
      calls += 1;
      if (calls % RECORDS_BETWEEN_LOOKS !== 0 || performance.now() < turnEnd) return undefined;
      return endTurn();
    },
    /** To be awaited around work that takes long by itself: lets other work run at once. */
    endTurn,
  };
}
