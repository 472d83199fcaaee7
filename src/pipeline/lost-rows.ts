import { EVERYTHING } from '../domain/query/record-query.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { GroupRun } from './group-run.js';

/**
 * Whether a group has failed since the rows that its lane goes on from are gone: the record store is asked for them. What such an error was about may as well be a
 * generation that a job makes, which its next attempt makes anew.
 */
export async function areRowsLost(run: GroupRun, error: unknown): Promise<boolean> {
  if (!isMissing(error)) return false;
  const { generation } = run.held.lease;
  try {
    await run.storeStep((store) => store.scan(generation, EVERYTHING, '', { maxRows: 1, maxBytes: 1 }));
    return false;
  } catch (failure) {
    if (isMissing(failure)) return true;
    throw failure;
  }
}

/** The same error for people: what can be done. */
export function lostRows(cause: unknown): RecordStoreError {
  const found = cause instanceof Error ? cause.message : String(cause);
  const message = `${found}; rebuildDataset makes the rows again from the push log`;
  return new RecordStoreError('GENERATION_MISSING', message, { cause });
}

function isMissing(error: unknown): boolean {
  return error instanceof RecordStoreError && error.code === 'GENERATION_MISSING';
}
