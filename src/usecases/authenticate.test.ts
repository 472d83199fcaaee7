import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { sentRecords } from '../../test/support/sent-records.js';
import { UNLIMITED } from '../domain/security/rate-limit.js';
import type { Scope } from '../domain/security/scopes.js';
import { createUseCases } from './use-cases.js';

describe('a push with an API key', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** The calls of the ports by which a push with a key of these scopes is accepted. */
  async function callsOf(scopes: readonly Scope[], datasetIds: readonly string[] | undefined, dataset: string) {
    const { secret } = await bench.useCases.apiKeys.create({ name: 'k', scopes, datasetIds }, CALLER);
    const calls: string[] = [];
    const useCases = useCasesThatNote(calls);
    const push = async () => {
      const payload = sentRecords([{ n: 1 }]);
      const caller = await useCases.authenticate([secret], '127.0.0.1');
      await useCases.pushData({ datasetId: dataset, documentUpdateMethod: 'REPLACE', ...payload }, caller);
    };
    // The first use in a minute is recorded, by a write for which no push waits.
    await push();
    calls.length = 0;
    await push();
    return calls;
  }

  function useCasesThatNote(calls: string[]) {
    const noted = <P extends object>(name: string, port: P): P =>
      new Proxy(port, {
        get(target, key) {
          const member = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) => {
            calls.push(`${name}.${String(key)}`);
            return member.apply(target, args);
          };
        },
      });
    const { apiKeys, catalog, ledger, pushLog, quarantine, generations, laneQueue } = bench;
    const ports = Object.entries({ apiKeys, catalog, ledger, pushLog, quarantine, generations, laneQueue });
    const deps = {
      ...bench,
      rows: bench.records,
      ...Object.fromEntries(ports.map(([name, port]) => [name, noted(name, port)])),
    };
    const backlog = { maxBacklogJobs: 100, maxBacklogBytes: 1_000_000 };
    return createUseCases(deps, { publicUrl: () => '', backlog, maxPayloadBytes: 1_000_000, rateLimit: UNLIMITED });
  }

  it('costs the same reads and writes whatever its scopes', async () => {
    const dataset = await bench.dataset({ n: 1 });
    const full = await callsOf(['MANAGE'], undefined, dataset);
    expect(full).toEqual(['apiKeys.findByHash', 'catalog.findDataset', 'pushLog.append', 'laneQueue.wake']);
    expect(await callsOf(['PUSH'], [dataset], dataset)).toEqual(full);
    expect(await callsOf(['PUSH', 'READ'], undefined, dataset)).toEqual(full);
  });
});
