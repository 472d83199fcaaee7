import { describe, expect, it } from '@jest/globals';
import type { FittingRecord } from '../../domain/load/examined-payload.js';
import type { StoredRow } from '../../ports/record-store.js';
import type { ExaminedJob } from './examine.js';
import { StoredReads } from './fetch-stored.js';

function job(recordIds: readonly string[], use: FittingRecord['use'] = 'UPSERT', bytes = 1_000): ExaminedJob {
  const fitting = recordIds.map((recordId, index) => ({ use, index, recordId, record: {} }));
  return { fitting, push: { payload: Buffer.alloc(bytes) } } as unknown as ExaminedJob;
}

const idsFrom = (from: number, count: number) => Array.from({ length: count }, (_, n) => `r${from + n}`);
const stored = (id: string): StoredRow => ({
  id,
  version: 1,
  rowCount: 1,
  hidden: false,
  bytes: 10,
  source: '{"a":1}',
});

describe('StoredReads', () => {
  it('begins to read before all records are examined, a few reads at a time, and each id once', async () => {
    const asked: string[][] = [];
    let inFlight = 0;
    const reads = new StoredReads(async (ids) => {
      inFlight += 1;
      expect(inFlight).toBeLessThanOrEqual(4);
      asked.push([...ids]);
      await Promise.resolve();
      inFlight -= 1;
      return ids.map(stored);
    });
    reads.add(job(idsFrom(0, 1_000)));
    await Promise.resolve();
    expect(asked).toEqual([idsFrom(0, 1_000).map((id) => `${id}-0`)]);
    reads.add(job(idsFrom(500, 1_500)));
    for (const from of [2_000, 3_000, 4_000, 5_000]) reads.add(job(idsFrom(from, 1_000)));
    reads.add(job(['one', 'r0']));
    const all = await reads.all(async () => []);
    expect(asked.map(({ length }) => length)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1]);
    expect([...all.keys()]).toEqual([...idsFrom(0, 6_000), 'one']);
  });

  it('asks again for what could not be read, and only then throws', async () => {
    const again: string[][] = [];
    let tries = 0;
    const reads = new StoredReads(async (ids) => {
      tries += 1;
      if (tries > 1) throw new Error('no store');
      return ids.map(stored);
    });
    for (const from of [0, 1_000, 2_000]) reads.add(job(idsFrom(from, 1_000)));
    const all = await reads.all(async (ids) => {
      again.push([...ids]);
      return ids.map(stored);
    });
    expect(tries).toBe(3);
    expect(again.map(([first]) => first)).toEqual(['r1000-0', 'r2000-0']);
    expect(all.size).toBe(3_000);
    const failing = new StoredReads(() => Promise.reject(new Error('no store')));
    failing.add(job(['a']));
    await expect(failing.all(() => Promise.reject(new Error('still none')))).rejects.toThrow('still none');
  });

  it('asks for sources only for upserts, for more the larger they are, and for all reads together no more than the bound', async () => {
    const roomsFor = async (...jobs: ExaminedJob[]) => {
      const rooms: number[] = [];
      const read = async (ids: readonly string[], room: number) => {
        rooms.push(room);
        return room === 0 ? [] : ids.map(stored);
      };
      const reads = new StoredReads(read);
      for (const one of jobs) reads.add(one);
      await reads.all(read);
      return rooms;
    };
    expect(await roomsFor(job(['a'], 'REPLACE'))).toEqual([0]);
    const many = (bytes: number) => job(idsFrom(0, 1_000), 'UPSERT', bytes);
    const [[small = 0], [large = 0], [largest = 0]] = [
      await roomsFor(many(1_000)),
      await roomsFor(many(100_000)),
      await roomsFor(many(1e7)),
    ];
    expect(large - small).toBe(4 * 99_000);
    expect(largest).toBe(1_024 * 1_000);
    const most = 8 * 1024 * 1024;
    const inTurn = await roomsFor(
      ...Array.from({ length: 12 }, (_, n) => job(idsFrom(n * 10_000, 10_000), 'UPSERT', 1e7)),
    );
    expect(inTurn[0]).toBe(most);
    expect(inTurn.slice(1, 4)).toEqual([0, 0, 0]);
    expect(inTurn.slice(4)).toContain(most - 10_000 * '{"a":1}'.length);
  });
});
