import { describe, expect, it } from '@jest/globals';
import { CALLER } from '../../test/support/lane.js';
import type { Job } from '../domain/job/job.js';
import type { Caller } from '../domain/security/caller.js';
import { changes } from './audits.js';
import { permissions } from './permitted.js';

const STRANGER: Caller = { ...CALLER, access: { ...CALLER.access, may: () => false } };

describe('a use case', () => {
  const audited: string[] = [];
  const { managing, pushing } = permissions(async (audit, args, _caller, run) => {
    audited.push(`${audit.action} ${JSON.stringify(audit.before(...args))}`);
    return run();
  });
  const remove = async (id: string) => id;
  const requested = async (_: { datasetId: string }) => ({ requestedBy: 'x' }) as Job;
  const ofDataset = ({ datasetId }: { datasetId: string }) => datasetId;

  it('does not compile unless it says what it leaves in the audit log', () => {
    // @ts-expect-error It says nothing.
    managing(remove);
    // @ts-expect-error It returns no job.
    managing(remove, 'BY_ITS_JOB');
    // @ts-expect-error Its first argument is not an id.
    managing(async (n: number) => n, changes('DELETE_DATASET'));
    // @ts-expect-error A push returns a job.
    pushing(async (_: { datasetId: string }) => 'no job', ofDataset);
    managing(requested, 'BY_ITS_JOB');
    managing(remove, 'CHANGES_NOTHING');
    pushing(requested, ofDataset);
  });

  it('is recorded with its arguments, after its caller was found to have the right', async () => {
    const permitted = managing(remove, changes('DELETE_DATASET'));
    await expect(permitted('d1', STRANGER)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(audited).toEqual([]);
    expect(await permitted('d1', CALLER)).toBe('d1');
    expect(audited).toEqual(['DELETE_DATASET {"id":"d1"}']);
  });

  it('is not recorded if it changes nothing or pushes', async () => {
    audited.length = 0;
    await managing(remove, 'CHANGES_NOTHING')('d1', CALLER);
    await pushing(requested, ofDataset)({ datasetId: 'd1' }, CALLER);
    await expect(pushing(requested, ofDataset)({ datasetId: 'd1' }, STRANGER)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(audited).toEqual([]);
  });
});
