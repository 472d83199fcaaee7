import { setTimeout as sleep } from 'node:timers/promises';

/** Shorter than the time a test has, so that the failure names what was waited for. */
const GIVE_UP_MS = 50_000;
/** Asking costs the service, and the machine, what they need to get there. */
const ASK_EVERY_MS = 20;

/** Asks until there is an answer that is not null, undefined or false, and returns it. Throws after 50 seconds, naming what it waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  const end = performance.now() + GIVE_UP_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(ASK_EVERY_MS);
  }
}
