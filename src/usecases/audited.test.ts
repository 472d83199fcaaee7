import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { SluiceError } from '../domain/errors.js';
import type { AuditLog } from '../ports/audit-log.js';
import { auditing } from './audited.js';
import { changes, creates } from './audits.js';

const MINUTE_MS = 60_000;

describe('an audited action', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.collections.audit.deleteMany();
    await bench.collections.announcements.deleteMany();
    bench.errors.length = 0;
  });

  const fail = () => Promise.reject(new Error('no database'));
  const runAudited = (faults: Partial<AuditLog> = {}) =>
    auditing({ ...bench, auditLog: { ...bench.auditLog, ...faults } });
  const create = (run: () => Promise<{ id: string; name: string }>, faults?: Partial<AuditLog>) =>
    runAudited(faults)(creates('CREATE_CONNECTION'), [{ name: 'crm' }], CALLER, run);
  const made = { id: 'c1', name: 'crm' };

  const entries = async () => (await bench.auditLog.list({ first: 100 })).nodes;
  /** What is settled when so much time has passed. */
  const settleIn = (ms: number) => bench.auditLog.settle(new Date(Date.now() + ms));

  it('is announced before it runs, and has an entry once it is done', async () => {
    const result = await create(async () => {
      expect(await bench.collections.announcements.find().toArray()).toMatchObject([
        { action: 'CREATE_CONNECTION', subject: { kind: 'CONNECTION', id: null, name: 'crm' }, outcome: 'UNKNOWN' },
      ]);
      expect(await entries()).toEqual([]);
      return made;
    });
    expect(result).toBe(made);
    expect(await entries()).toMatchObject([{ outcome: 'DONE', subject: { kind: 'CONNECTION', ...made } }]);
    expect(await bench.collections.announcements.countDocuments()).toBe(0);
  });

  it('does not run while it cannot be announced', async () => {
    let ran = false;
    const run = async () => {
      ran = true;
      return made;
    };
    await expect(create(run, { announce: fail })).rejects.toThrow('no database');
    expect(ran).toBe(false);
  });

  it('gives its result although its entry cannot be written, and has one with an unknown outcome later', async () => {
    expect(await create(async () => made, { append: fail })).toBe(made);
    expect(bench.errors).toHaveLength(1);
    await settleIn(-MINUTE_MS);
    expect(await entries()).toEqual([]);
    await settleIn(MINUTE_MS);
    await settleIn(MINUTE_MS);
    expect(await entries()).toMatchObject([
      {
        action: 'CREATE_CONNECTION',
        outcome: 'UNKNOWN',
        subject: { id: null, name: 'crm' },
        caller: { id: CALLER.id },
      },
    ]);
    expect(await bench.collections.announcements.countDocuments()).toBe(0);
  });

  it('has an entry with an unknown outcome if it ends in an error that says nothing of its effect', async () => {
    await expect(create(fail)).rejects.toThrow('no database');
    const unavailable = async () => {
      throw new SluiceError('STORE_UNAVAILABLE', 'later');
    };
    await expect(create(unavailable)).rejects.toThrow('later');
    await settleIn(MINUTE_MS);
    expect((await entries()).map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  it('has no entry if it is refused', async () => {
    const refuse = async () => {
      throw new SluiceError('NOT_FOUND', 'there is none');
    };
    await expect(create(refuse)).rejects.toThrow('there is none');
    await settleIn(MINUTE_MS);
    expect(await entries()).toEqual([]);
  });

  it('keeps its entry if the announcement is still there when it is settled', async () => {
    const { announcements } = bench.collections;
    await create(async () => {
      const [announced] = await announcements.find().toArray();
      if (announced) await bench.collections.audit.insertOne({ ...announced, outcome: 'UNKNOWN' });
      return made;
    });
    expect((await entries()).map(({ outcome }) => outcome)).toEqual(['UNKNOWN']);
  });

  it('is announced with short texts only, whatever was sent', async () => {
    const id = `${'x'.repeat(999)}\u{1F600}${'y'.repeat(1_000_000)}`;
    const run = async () => {
      throw new SluiceError('STORE_UNAVAILABLE', 'later');
    };
    await expect(runAudited()(changes('DELETE_DATASET'), [id], CALLER, run)).rejects.toThrow('later');
    const [announced] = await bench.collections.announcements.find().toArray();
    expect(announced?.subject.id).toBe(`${'x'.repeat(999)}\uFFFD`);
  });
});
