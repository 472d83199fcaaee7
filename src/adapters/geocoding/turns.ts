import { endTurnIfOver } from '../../event-loop/turns.js';

/** Runs `step` for 0, 1, 2, ... below `count`, in turns of the event loop. It looks at the clock after so many steps. */
export async function stepsInTurns(count: number, step: (index: number) => void, steps = 1_000): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    step(index);
    if (index % steps === 0) await endTurnIfOver();
  }
}
