import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryBudget } from '../../adapters/memory/memory-budget.js';
import { AnswerRoom, RoomsOfAnswers } from './answer-room.js';

const MB = 1024 * 1024;
/** What is reserved before a page is read. */
const PAGE = 48 * MB;

/** A page of so many megabytes, which takes three times as much. */
const pageOf = (megabytes: number) => async () => ({ bytes: megabytes * MB });

/** A budget, with the most that others could reserve at once now. */
function budgetOf(total: number) {
  const memory = memoryBudget(total);
  const other = memory.tryReserve(1);
  const free = () => {
    const fits = (bytes: number) => {
      const release = memory.tryReserve(bytes);
      release?.();
      return release !== null;
    };
    let [least, most] = [0, total];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      if (fits(middle)) least = middle;
      else most = middle - 1;
    }
    return least;
  };
  return { memory, free, whole: total - 1, endOther: () => other?.() };
}

describe('the memory for the pages of an answer', () => {
  it('is reserved before a page is read, and holds what the page takes until the answer is sent', async () => {
    const { memory, free, whole } = budgetOf(200 * MB);
    const room = new AnswerRoom(memory);
    let whileReading = 0;
    await room.page(async () => {
      whileReading = free();
      return { bytes: MB };
    });
    expect(whileReading).toBe(whole - PAGE);
    expect(free()).toBe(whole - 3 * MB);
    room.end();
    expect(free()).toBe(whole);
  });

  it('is awaited by an operation that holds none, in its turn', async () => {
    const { memory } = budgetOf(PAGE + 2);
    const [first, second] = [new AnswerRoom(memory), new AnswerRoom(memory)];
    await first.page(pageOf(1));
    let isRead = false;
    const later = second.page(async () => {
      isRead = true;
      return { bytes: 1 };
    });
    await new Promise(setImmediate);
    expect(isRead).toBe(false);
    first.end();
    await later;
    expect(isRead).toBe(true);
  });

  it('is not awaited by an operation that holds some, since all could wait for each other', async () => {
    const { memory } = budgetOf(PAGE + 2);
    const room = new AnswerRoom(memory);
    await room.page(pageOf(1));
    await expect(room.page(pageOf(1))).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
  });

  it('is awaited only for a time', async () => {
    const { memory, free, whole } = budgetOf(PAGE + 2);
    const [first, second] = [new AnswerRoom(memory), new AnswerRoom(memory, 10)];
    await first.page(pageOf(1));
    await expect(second.page(pageOf(1))).rejects.toMatchObject({ code: 'BACK_PRESSURE' });
    first.end();
    await new Promise(setImmediate);
    expect(free()).toBe(whole);
  });

  it('is not used by an operation whose client goes away while it waits', async () => {
    const { memory, free, whole } = budgetOf(PAGE + 2);
    const [first, second] = [new AnswerRoom(memory), new AnswerRoom(memory)];
    await first.page(pageOf(1));
    let isRead = false;
    const later = second.page(async () => {
      isRead = true;
      return { bytes: 1 };
    });
    second.end();
    first.end();
    await expect(later).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect([isRead, free()]).toEqual([false, whole]);
  });

  it('is bounded for one operation, up to its next answer', async () => {
    const { memory } = budgetOf(1_000 * MB);
    const room = new AnswerRoom(memory);
    for (let pages = 0; pages < 2; pages += 1) await room.page(pageOf(16));
    await expect(room.page(pageOf(1))).rejects.toMatchObject({ code: 'BAD_REQUEST', details: { field: 'query' } });
    room.restart();
    expect(await room.page(pageOf(16))).toEqual({ bytes: 16 * MB });
  });

  it('is reserved for something else that may be large, and not held if it is small', async () => {
    const { memory, free, whole } = budgetOf(200 * MB);
    const room = new AnswerRoom(memory);
    let whileReading = 0;
    const read = async () => {
      whileReading = free();
      return 'found';
    };
    expect(await room.large(read, () => 5_000)).toBe('found');
    expect([whileReading, free()]).toEqual([whole - 24 * MB, whole]);
    await room.large(read, () => MB);
    expect(free()).toBe(whole - 3 * MB);
    for (let more = 0; more < 23; more += 1) await room.large(read, () => MB);
    const [one, page] = [room.large(read, () => MB), room.page(pageOf(1))];
    await expect(page).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await one;
    await expect(room.large(read, () => MB)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    room.end();
    expect(free()).toBe(whole);
  });

  it('grows to what is needed in all, pages included, and not if there is no room', async () => {
    const { memory, free, whole, endOther } = budgetOf(100 * MB);
    const room = new AnswerRoom(memory);
    await room.page(pageOf(2));
    room.growTo(5 * MB);
    expect(free()).toBe(whole - 6 * MB);
    room.growTo(10 * MB);
    room.growTo(10 * MB);
    expect(free()).toBe(whole - 10 * MB);
    expect(() => room.growTo(101 * MB)).toThrow(expect.objectContaining({ code: 'BACK_PRESSURE' }));
    expect(free()).toBe(whole - 10 * MB);
    // Alone, it may have more than the whole budget, as the first reservation may.
    endOther();
    room.growTo(101 * MB);
    room.end();
    expect(free()).toBe(whole + 1);
    expect(() => room.growTo(1)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
    expect(free()).toBe(whole + 1);
  });

  it('holds three times what a text has beyond its first megabyte', () => {
    const { memory, free, whole } = budgetOf(100 * MB);
    const room = new AnswerRoom(memory);
    room.holdText(MB);
    expect(free()).toBe(whole);
    room.holdText(4 * MB);
    expect(free()).toBe(whole - 9 * MB);
  });

  it('is found by the data of an answer', () => {
    const rooms = new RoomsOfAnswers();
    const [data, room] = [{}, new AnswerRoom(memoryBudget(1))];
    rooms.put({ data }, room);
    rooms.put({ data: null }, room);
    expect(rooms.take({ data })).toBe(room);
    for (const answer of [{ data }, { data: {} }, { data: null }, {}]) expect(rooms.take(answer)).toBeUndefined();
  });

  it('is held again for each further field that has a list', async () => {
    const { memory, free, whole } = budgetOf(PAGE + 2);
    const room = new AnswerRoom(memory);
    for (let fields = 0; fields < 10; fields += 1) room.again(MB);
    expect(free()).toBe(whole - 30 * MB);
    room.again(1_000);
    expect(free()).toBe(whole - 30 * MB);
    const refusal = expect.objectContaining({ code: 'BACK_PRESSURE' });
    expect(() => room.again(7 * MB)).toThrow(refusal);
    // Others that grow as well can have it now, and this answer does not begin anew.
    expect(free()).toBe(whole);
    expect(() => room.again(MB)).toThrow(refusal);
    room.restart();
    room.again(MB);
    room.end();
    expect(free()).toBe(whole);
  });

  it('is for one page after the other', async () => {
    const { memory, free, whole } = budgetOf(1_000 * MB);
    const room = new AnswerRoom(memory);
    let reading = 0;
    const read = async () => {
      reading += 1;
      await new Promise(setImmediate);
      expect([reading, free()]).toEqual([1, whole - PAGE]);
      reading -= 1;
      return { bytes: 0 };
    };
    await Promise.all([room.page(read), room.page(read), room.page(read)]);
  });

  it('is free again after a read that failed, and after an answer whose client went away during a read', async () => {
    const { memory, free, whole } = budgetOf(200 * MB);
    const room = new AnswerRoom(memory);
    await expect(room.page(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(free()).toBe(whole);
    await room.page(async () => {
      room.end();
      return { bytes: MB };
    });
    expect(free()).toBe(whole);
  });

  it('is all free once all answers are sent, whatever was read', async () => {
    const reads = fc.array(fc.tuple(fc.nat(2), fc.nat(20), fc.boolean()), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(reads, async (all) => {
        const { memory, free, whole } = budgetOf(150 * MB);
        const rooms = [0, 1, 2].map(() => new AnswerRoom(memory));
        const results = all.map(([index, megabytes, isFailing]) =>
          rooms[index]?.page(isFailing ? () => Promise.reject(new Error('away')) : pageOf(megabytes)),
        );
        const settled = Promise.allSettled(results);
        for (const room of rooms) {
          await new Promise(setImmediate);
          room.end();
        }
        await settled;
        expect(free()).toBe(whole);
      }),
      { numRuns: 100 },
    );
  });
});
