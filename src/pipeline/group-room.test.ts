import { describe, expect, it } from '@jest/globals';
import { memoryBudget } from '../adapters/memory/memory-budget.js';
import { groupRoom } from './group-room.js';

const MB = 1024 * 1024;

/** Rooms for groups of these sizes, and which of them have got theirs. */
function roomsFor(sizes: readonly number[], hasSteps = false) {
  const room = groupRoom(memoryBudget(100 * MB), memoryBudget(2));
  const releases = new Map<number, () => void>();
  for (const [index, bytes] of sizes.entries())
    void room.reserve(bytes, hasSteps).then((release) => releases.set(index, release));
  const held = async () => {
    await new Promise(setImmediate);
    return [...releases.keys()];
  };
  return { held, release: (index: number) => releases.get(index)?.() };
}

describe('the room for groups', () => {
  it('is there for small groups while as many large ones as there are places are loaded', async () => {
    const { held, release } = roomsFor([MB, MB, MB, 1_000, 2_000]);
    expect(await held()).toEqual([0, 1, 3, 4]);
    release(0);
    expect(await held()).toEqual([0, 1, 3, 4, 2]);
  });

  it('takes a place for a group without a payload, which may read all rows', async () => {
    const { held, release } = roomsFor([0, 0, 0]);
    expect(await held()).toEqual([0, 1]);
    release(1);
    expect(await held()).toEqual([0, 1, 2]);
  });

  it('takes a place for a group whose rows are made by steps', async () => {
    const { held } = roomsFor([1_000, 1_000, 1_000], true);
    expect(await held()).toEqual([0, 1]);
  });

  it('is bounded by the memory too', async () => {
    const { held, release } = roomsFor([90 * MB, 90 * MB]);
    expect(await held()).toEqual([0]);
    release(0);
    expect(await held()).toEqual([0, 1]);
  });
});
