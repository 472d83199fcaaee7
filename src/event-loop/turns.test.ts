import { describe, expect, it } from '@jest/globals';
import { cpuMs } from '../../test/support/cpu-ms.js';
import { slowness } from '../../test/support/machine-speed.js';
import { eachInSlices, eachInTurns, endTurn, inTurns, othersFirst } from './turns.js';

function work(ms: number): void {
  for (const end = cpuMs() + ms; cpuMs() < end; );
}

/** The most CPU time between two moments at which other things in the process could run, while a promise is pending; see `slowness`. */
async function longestTurnDuring(pending: Promise<unknown>): Promise<number> {
  let longest = 0;
  let before = cpuMs();
  let over = false;
  void pending.finally(() => {
    over = true;
  });
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    longest = Math.max(longest, cpuMs() - before);
    before = cpuMs();
  }
  return longest / slowness();
}

function* slices(result: number): Generator<void, number> {
  for (let slice = 0; slice < 10; slice += 1) {
    work(2);
    yield;
  }
  return result;
}

describe('turns of the event loop', () => {
  it('are shared by all that began together', async () => {
    const results = Promise.all(Array.from({ length: 40 }, (_, n) => inTurns(slices(n))));
    // All of them have begun here, with a slice each.
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(await longestTurnDuring(results)).toBeLessThan(60);
    expect(await results).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('are taken one by one for work that cannot be divided', async () => {
    const ended: number[] = [];
    const all = Array.from({ length: 20 }, async (_, n) => {
      await othersFirst();
      work(20);
      ended.push(n);
    });
    expect(await longestTurnDuring(Promise.all(all))).toBeLessThan(80);
    expect(ended).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('end while many items are taken, all of them, in order', async () => {
    const taken: number[] = [];
    const items = Array.from({ length: 1_000 }, (_, n) => n);
    const take = (n: number) => {
      work(0.2);
      taken.push(n);
    };
    const longest = await longestTurnDuring(eachInTurns(items, take));
    const sliced = eachInSlices(items, function* (n) {
      yield;
      take(n);
    });
    expect(Math.max(longest, await longestTurnDuring(sliced))).toBeLessThan(60);
    expect(taken).toEqual([...items, ...items]);
  });

  it('go on in the order in which they ended', async () => {
    const order: string[] = [];
    await Promise.all(['a', 'b', 'c'].map((name) => endTurn().then(() => order.push(name))));
    expect(order).toEqual(['a', 'b', 'c']);
  });
});
