import { setTimeout as sleep } from 'node:timers/promises';

/** Shorter than the time that a test has by default, so that the failure names what was waited for. */
const GIVE_UP_MS = 50_000;
/** Asking costs the service, and the machine, what they need to get there. */
const ASK_EVERY_MS = 20;

/** Asks until there is an answer that is not null, undefined or false, and returns it. Throws after `giveUpMs`, naming what it waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  giveUpMs = GIVE_UP_MS,
): Promise<T> {
  const end = performance.now() + giveUpMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(ASK_EVERY_MS);
  }
}
