import { describe, expect, it } from '@jest/globals';
import { CALLER } from '../../test/support/lane.js';
import { SluiceError } from '../domain/errors.js';
import { CredentialRefusal } from '../domain/security/refusal.js';
import type { RefusalCount } from '../ports/refusal-log.js';
import { RefusalCounter } from './refusal-counter.js';

const FORBIDDEN = new SluiceError('FORBIDDEN', 'no');
const NO_KEY = new CredentialRefusal('NO_CREDENTIAL', 'no key');
const MINUTE = new Date('2026-05-01T10:20:00Z');

describe('the counter of refusals', () => {
  function counting(fails = false) {
    const written: (readonly RefusalCount[])[] = [];
    const reported: string[] = [];
    const time = { now: new Date('2026-05-01T10:20:30.5Z') };
    const add = async (counts: readonly RefusalCount[]) => {
      written.push(counts);
      if (fails) throw new Error('no database');
    };
    const counter = new RefusalCounter({
      refusals: { add, list: () => Promise.reject(), count: () => Promise.reject() },
      clock: { now: () => time.now, monotonicMs: () => 0 },
      reportError: (error, doing) => void reported.push(`${doing} ${String(error)}`),
    });
    return { counter, written, reported, time };
  }

  it('writes one count for each minute, reason, caller and address, at once', async () => {
    const { counter, written, time } = counting();
    counter.note([FORBIDDEN], CALLER, '10.0.0.1');
    counter.note([FORBIDDEN], CALLER, '10.0.0.1');
    counter.note([FORBIDDEN], CALLER, '10.0.0.2');
    counter.note([NO_KEY], null, '10.0.0.1');
    time.now = new Date('2026-05-01T10:21:00Z');
    counter.note([NO_KEY], null, '10.0.0.1');
    expect(written).toEqual([]);
    await counter.flush();
    const caller = { id: CALLER.id, kind: CALLER.kind, name: CALLER.name };
    const known = { minute: MINUTE, reason: 'FORBIDDEN', caller };
    const unknown = { reason: 'NO_CREDENTIAL', caller: null, address: '10.0.0.1', count: 1 };
    expect(written).toEqual([
      [
        { ...known, address: '10.0.0.1', count: 2 },
        { ...known, address: '10.0.0.2', count: 1 },
        { ...unknown, minute: MINUTE },
        { ...unknown, minute: new Date('2026-05-01T10:21:00Z') },
      ],
    ]);
    await counter.flush();
    expect(written.at(-1)).toEqual([]);
  });

  it('counts a reason once for a request, and nothing that refuses what was sent', async () => {
    const { counter, written } = counting();
    const others = [
      new SluiceError('BAD_REQUEST', 'wrong'),
      new SluiceError('NOT_FOUND', 'none'),
      new Error('x'),
      null,
    ];
    counter.note([FORBIDDEN, FORBIDDEN, new SluiceError('RATE_LIMITED', 'slow'), ...others], CALLER, '10.0.0.1');
    await counter.flush();
    expect(written[0]?.map(({ reason, count }) => [reason, count])).toEqual([
      ['FORBIDDEN', 1],
      ['RATE_LIMITED', 1],
    ]);
  });

  it('names the owner of a credential that is no longer valid', async () => {
    const { counter, written } = counting();
    const owner = { id: 'k1', kind: 'API_KEY', name: 'old' } as const;
    counter.note([new CredentialRefusal('REVOKED_API_KEY', 'revoked', owner)], null, '10.0.0.1');
    await counter.flush();
    expect(written[0]).toMatchObject([{ reason: 'REVOKED_API_KEY', caller: owner }]);
  });

  it('sums up what comes from more than 200 callers and addresses, whatever their number', async () => {
    const { counter, written } = counting();
    for (let n = 0; n < 5_000; n += 1) counter.note([NO_KEY], null, `10.0.${n >> 8}.${n & 255}`);
    counter.note([NO_KEY], null, '10.0.0.0');
    counter.note([FORBIDDEN], CALLER, '10.0.0.0');
    await counter.flush();
    const counts = written[0] ?? [];
    expect(counts).toHaveLength(202);
    expect(counts[0]).toMatchObject({ address: '10.0.0.0', count: 2 });
    expect(counts.slice(200)).toMatchObject([
      { reason: 'NO_CREDENTIAL', caller: null, address: null, count: 4_800 },
      { reason: 'FORBIDDEN', caller: null, address: null, count: 1 },
    ]);
  });

  it('reports counts that could not be stored, and does not store them twice', async () => {
    const { counter, written, reported } = counting(true);
    counter.note([NO_KEY], null, '10.0.0.1');
    counter.note([NO_KEY], null, '10.0.0.1');
    await counter.flush();
    expect(reported).toEqual(['storing the counts of 2 refusals, which are lost, Error: no database']);
    await counter.flush();
    expect(written.map((counts) => counts.length)).toEqual([1, 0]);
  });
});
