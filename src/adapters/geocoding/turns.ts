import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long one turn of a long calculation may keep other work waiting. */
const TURN_MS = 8;

/** Runs `step` for 0, 1, 2, ... below `count`; requests and timers get their turn in between. It looks at the clock after so many steps. */
export async function inTurns(count: number, step: (index: number) => void, steps = 1_000): Promise<void> {
  let end = performance.now() + TURN_MS;
  for (let index = 0; index < count; index += 1) {
    step(index);
    if (index % steps === 0 && performance.now() > end) {
      await nextTurn();
      end = performance.now() + TURN_MS;
    }
  }
}
