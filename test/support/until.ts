const GIVE_UP_MS = 100_000;

/** Asks again and again until the answer is there. Throws after 100 seconds: a test that has failed must not go on asking. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  const end = performance.now() + GIVE_UP_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise(setImmediate);
  }
}
