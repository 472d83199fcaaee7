import { describe, expect, it } from '@jest/globals';
import type { JobLedger } from '../ports/job-ledger.js';
import { sharedLooks, withSharedLooks } from './shared-looks.js';

describe('sharedLooks', () => {
  /** A ledger whose lanes grow by a job with each read, and which responds when it is told to. */
  function growing() {
    const answers: (() => void)[] = [];
    let looks = 0;
    const lastPosition = () => {
      const position = ++looks;
      return new Promise<number>((resolve) => answers.push(() => resolve(position)));
    };
    return { ledger: sharedLooks({ lastPosition } as unknown as JobLedger), answers, looks: () => looks };
  }
  const turn = () => new Promise(setImmediate);

  it('never returns a read that started before the call, and lets all later calls share one read', async () => {
    const { ledger, answers, looks } = growing();
    const first = ledger.lastPosition('d');
    await turn();
    const later = Array.from({ length: 1000 }, () => ledger.lastPosition('d'));
    await turn();
    expect(looks()).toBe(1);
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
    const ledger = sharedLooks({ lastPosition } as unknown as JobLedger);
    await expect(ledger.lastPosition('d')).rejects.toThrow('away');
    failing = false;
    expect(await ledger.lastPosition('d')).toBe(1);
  });
});

describe('withSharedLooks', () => {
  it('lets requests that come together share their reads', async () => {
    const asked: string[] = [];
    const answered = async (what: string) => {
      asked.push(what);
      return null;
    };
    const { catalog, apiKeys } = withSharedLooks({
      catalog: {
        findDataset: (id: string) => answered(`dataset ${id}`),
        findDesign: (id: string, revision: number) => answered(`design ${id} ${revision}`),
      },
      apiKeys: { findByHash: (hash: Buffer) => answered(`key ${hash.toString()}`) },
    });
    const request = (key: string, id: string) =>
      Promise.all([apiKeys.findByHash(Buffer.from(key)), catalog.findDataset(id), catalog.findDesign(id, 2)]);
    await Promise.all([...Array.from({ length: 100 }, () => request('k', 'd')), request('other', 'e')]);
    expect(asked.sort()).toEqual(['dataset d', 'dataset e', 'design d 2', 'design e 2', 'key k', 'key other']);
  });
});
