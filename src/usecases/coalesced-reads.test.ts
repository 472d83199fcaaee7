import { describe, expect, it } from '@jest/globals';
import type { JobLedger } from '../ports/job-ledger.js';
import { coalescedLedger, withCoalescedReads } from './coalesced-reads.js';

describe('the reads of watchers', () => {
  /** A ledger whose lanes grow by a job with each read, and which responds when it is told to. */
  function growing() {
    const answers: (() => void)[] = [];
    let reads = 0;
    const lastPosition = () => {
      const position = ++reads;
      return new Promise<number>((resolve) => answers.push(() => resolve(position)));
    };
    return { ledger: coalescedLedger({ lastPosition } as unknown as JobLedger), answers, reads: () => reads };
  }
  const turn = () => new Promise(setImmediate);

  it('never returns a read that started before the call, and lets all later calls share one read', async () => {
    const { ledger, answers, reads } = growing();
    const first = ledger.lastPosition('d');
    await turn();
    const later = Array.from({ length: 1000 }, () => ledger.lastPosition('d'));
    await turn();
    expect(reads()).toBe(1);
    answers[0]?.();
    expect(await first).toBe(1);
    await turn();
    answers[1]?.();
    expect(new Set(await Promise.all(later))).toEqual(new Set([2]));
  });

  it('does not share reads between datasets', async () => {
    const { ledger, answers } = growing();
    const both = [ledger.lastPosition('d'), ledger.lastPosition('e')];
    await turn();
    for (const answer of answers) answer();
    expect(await Promise.all(both)).toEqual([1, 2]);
  });

  it('reads again after a read that failed', async () => {
    let failing = true;
    const lastPosition = async () => {
      if (failing) throw new Error('away');
      return 1;
    };
    const ledger = coalescedLedger({ lastPosition } as unknown as JobLedger);
    await expect(ledger.lastPosition('d')).rejects.toThrow('away');
    failing = false;
    expect(await ledger.lastPosition('d')).toBe(1);
  });
});

describe('requests', () => {
  it('that come together share their reads', async () => {
    const asked: string[] = [];
    const answered = async (what: string) => {
      asked.push(what);
      return null;
    };
    const { catalog, apiKeys } = withCoalescedReads({
      catalog: {
        findDataset: (id: string) => answered(`dataset ${id}`),
      },
      apiKeys: { findByHash: (hash: Buffer) => answered(`key ${hash.toString()}`) },
    });
    const request = (key: string, id: string) =>
      Promise.all([apiKeys.findByHash(Buffer.from(key)), catalog.findDataset(id)]);
    await Promise.all([...Array.from({ length: 100 }, () => request('k', 'd')), request('other', 'e')]);
    expect(asked.sort()).toEqual(['dataset d', 'dataset e', 'key k', 'key other']);
  });
});
