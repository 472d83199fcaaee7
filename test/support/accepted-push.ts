import { v7 as uuidV7 } from 'uuid';
import type { Job } from '../../src/domain/job/job.js';
import type { AcceptedJob, PushLog } from '../../src/ports/push-log.js';

/** A push of one record as the push log gets it, whose lane takes it whatever waits there. */
export function acceptedPush(datasetId: string, payload: Buffer = Buffer.from('[{"a":1}]')): AcceptedJob {
  return {
    id: uuidV7(),
    datasetId,
    kind: 'PUSH',
    method: 'REPLACE',
    form: 'RECORDS',
    payload,
    recordCount: 1,
    acceptedAt: new Date(),
    requestedBy: 'test',
    finalBefore: 0,
    idempotency: null,
    bound: { position: 1e9, bytes: 1e12 },
  };
}

/** Appends a push that nothing keeps from its lane, and returns its job. */
export async function appended(log: PushLog | undefined, push: AcceptedJob): Promise<Job> {
  const result = await log?.append(push);
  if (result?.kind !== 'APPENDED') throw new Error('it was not appended');
  return result.job;
}
