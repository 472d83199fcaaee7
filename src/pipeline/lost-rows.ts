import { EVERYTHING } from '../domain/query/record-query.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { GroupRun } from './group-run.js';

/**
 * Whether a group failed because the dataset's rows are gone. The error alone does not tell: it may concern a generation that a job was creating, and the next attempt
 * creates that one again. So this asks the record store for the current generation.
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

/** The same error, with what the user can do. */
export function lostRows(cause: unknown): RecordStoreError {
  const found = cause instanceof Error ? cause.message : String(cause);
  const message = `${found}; rebuildDataset makes the rows again from the push log`;
  return new RecordStoreError('GENERATION_MISSING', message, { cause });
}

function isMissing(error: unknown): boolean {
  return error instanceof RecordStoreError && error.code === 'GENERATION_MISSING';
}
