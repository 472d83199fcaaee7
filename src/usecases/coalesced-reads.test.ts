import { describe, expect, it } from '@jest/globals';
import type { Dataset } from '../domain/dataset.js';
import type { ApiKey } from '../domain/security/api-key.js';
import type { JobLedger } from '../ports/job-ledger.js';
import { coalescedLedger, withBatchedReads } from './coalesced-reads.js';

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
  it('that come together read their keys and their datasets together', async () => {
    const asked: string[] = [];
    const { catalog, apiKeys } = withBatchedReads<Parameters<typeof withBatchedReads>[0]>({
      catalog: {
        findDataset: async () => null,
        findDatasets: async (ids: readonly string[]) => {
          asked.push(`datasets ${ids.join()}`);
          return new Map(ids.filter((id) => id !== 'none').map((id) => [id, { id } as Dataset]));
        },
      },
      apiKeys: {
        findByHash: async () => null,
        findByHashes: async (hashes: readonly Buffer[]) => {
          asked.push(`keys ${hashes.join()}`);
          return [
            { id: 'key', secretHash: Buffer.from('new'), previous: { secretHash: Buffer.from('old') } } as ApiKey,
          ];
        },
      },
    });
    const key = async (secretHash: string) => (await apiKeys.findByHash(Buffer.from(secretHash)))?.id;
    const dataset = async (id: string) => (await catalog.findDataset(id))?.id;
    const found = await Promise.all(['new', 'old', 'other', ...Array(100).fill('new')].map(key));
    expect(found.slice(0, 4)).toEqual(['key', 'key', undefined, 'key']);
    expect(await Promise.all(['d', 'e', 'none', 'd'].map(dataset))).toEqual(['d', 'e', undefined, 'd']);
    expect(asked).toEqual(['keys new,old,other', 'datasets d,e,none']);
  });
});
