import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { sentRecords } from '../../test/support/sent-records.js';
import type { ApiKey } from '../domain/security/api-key.js';
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
      const caller = await useCases.authenticatePush([secret], '127.0.0.1');
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
    return useCasesWith(Object.fromEntries(ports.map(([name, port]) => [name, noted(name, port)])));
  }

  function useCasesWith(deps: object) {
    const backlog = { maxBacklogJobs: 100, maxBacklogBytes: 1_000_000 };
    const options = { publicUrl: () => '', backlog, maxPayloadBytes: 1_000_000, rateLimit: UNLIMITED };
    return createUseCases({ ...bench, rows: bench.records, ...deps }, options);
  }

  it('costs no read in the second after another one, and the same writes whatever its scopes', async () => {
    const dataset = await bench.dataset({ n: 1 });
    const full = await callsOf(['MANAGE'], undefined, dataset);
    expect(full).toEqual(['pushLog.append', 'laneQueue.takeAhead', 'laneQueue.wake']);
    expect(await callsOf(['PUSH'], [dataset], dataset)).toEqual(full);
    expect(await callsOf(['PUSH', 'READ'], undefined, dataset)).toEqual(full);
  });

  describe('that was found in the last second', () => {
    const ADDRESS = '127.0.0.1';
    const key = () => bench.useCases.apiKeys.create({ name: 'k', scopes: ['PUSH', 'READ'] }, CALLER);
    const revoked = expect.objectContaining({ code: 'UNAUTHENTICATED' });

    it('is refused at once if this process has revoked it', async () => {
      const { secret, apiKey } = await key();
      await bench.useCases.authenticatePush([secret], ADDRESS);
      await bench.useCases.apiKeys.revoke(apiKey.id, CALLER);
      await expect(bench.useCases.authenticatePush([secret], ADDRESS)).rejects.toEqual(revoked);
    });

    it('may only push if another process has revoked it, and not for longer', async () => {
      let now = 0;
      const clock = { ...bench.clock, monotonicMs: () => now };
      const useCases = useCasesWith({ clock });
      const { secret, apiKey } = await key();
      await useCases.authenticatePush([secret], ADDRESS);
      await bench.apiKeys.revoke(apiKey.id, new Date());
      now = 1_000;
      expect((await useCases.authenticatePush([secret], ADDRESS)).id).toBe(apiKey.id);
      await expect(useCases.authenticate([secret], ADDRESS)).rejects.toEqual(revoked);
      now = 1_001;
      await expect(useCases.authenticatePush([secret], ADDRESS)).rejects.toEqual(revoked);
    });

    it('lets a request begin, and refuses it before its end if another process has revoked the key', async () => {
      const { secret, apiKey } = await key();
      const { authenticate, authenticateAhead } = useCasesWith({});
      expect(authenticateAhead([secret], ADDRESS)).toBeNull();
      const caller = await authenticate([secret], ADDRESS);
      const ahead = authenticateAhead([secret], ADDRESS);
      expect(ahead?.caller).toMatchObject({ id: caller.id, address: ADDRESS });
      await ahead?.confirmation;
      await bench.apiKeys.revoke(apiKey.id, new Date());
      await expect(authenticateAhead([secret], ADDRESS)?.confirmation).rejects.toEqual(revoked);
      expect(authenticateAhead([secret], ADDRESS)).toBeNull();
    });

    it('lets no request begin with other rights than it has now', async () => {
      const { secret } = await key();
      let change: Partial<ApiKey> = {};
      const findByHashes = async (hashes: readonly Buffer[]) => {
        const found = await bench.apiKeys.findByHashes(hashes);
        return found.map((one) => ({ ...one, ...change }));
      };
      const { authenticate, authenticateAhead } = useCasesWith({ apiKeys: { ...bench.apiKeys, findByHashes } });
      await authenticate([secret], ADDRESS);
      change = { scopes: ['PUSH'] };
      const { confirmation } = authenticateAhead([secret], ADDRESS) ?? {};
      await expect(confirmation).rejects.toEqual(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
    });

    it('lets no request begin if its requests are counted, or with several keys', async () => {
      const { authenticate, authenticateAhead } = useCasesWith({});
      const rateLimit = { requestsPerMinute: 100, bytesPerMinute: null };
      const { secret } = await bench.useCases.apiKeys.create({ name: 'k', scopes: ['READ'], rateLimit }, CALLER);
      await authenticate([secret], ADDRESS);
      expect(authenticateAhead([secret], ADDRESS)).toBeNull();
      const { secret: other } = await key();
      await authenticate([other], ADDRESS);
      expect(authenticateAhead([other, secret], ADDRESS)).toBeNull();
      expect(authenticateAhead([], ADDRESS)).toBeNull();
      expect(authenticateAhead([other], ADDRESS)).not.toBeNull();
    });

    it('is refused once it has expired', async () => {
      let now = new Date();
      const useCases = useCasesWith({ clock: { monotonicMs: () => 0, now: () => now } });
      const expiresAt = new Date(now.getTime() + 500);
      const { secret } = await bench.useCases.apiKeys.create({ name: 'k', scopes: ['PUSH'], expiresAt }, CALLER);
      await useCases.authenticatePush([secret], ADDRESS);
      now = expiresAt;
      await expect(useCases.authenticatePush([secret], ADDRESS)).rejects.toEqual(revoked);
    });
  });
});
