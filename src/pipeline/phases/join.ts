import type { StoredValues } from '../../domain/design/stored-value.js';
import type { Mismatch } from '../../domain/job/job.js';
import { recordIdFromLog, rowId } from '../../domain/record-id.js';
import type { RecordStore } from '../../ports/record-store.js';
import type { CompiledDesign } from '../compiled-design.js';
import { eventLoopTurns } from '../event-loop-turns.js';
import type { PushInWork } from '../push-in-work.js';

/**
 * Joining: makes rows of each record as a whole. Without unique identifiers there is nothing stored to merge with: each record is a new one. A row
 * that the record store could not take is a mismatch, here, before the commit point.
 */
export async function join(
  pushes: readonly PushInWork[],
  { convert }: CompiledDesign,
  store: RecordStore,
): Promise<void> {
  const turns = eventLoopTurns();
  for (const push of pushes) {
    if (push.refused) continue;
    const { position, acceptedAt: savedAt } = push.job;
    for (const [recordIndex, record] of push.standing()) {
      const values = convert(record);
      const tooLarge = mismatchOfSize(values, store);
      if (tooLarge) {
        push.refuseRecord(recordIndex, [tooLarge]);
        continue;
      }
      const recordId = recordIdFromLog(position, recordIndex);
      push.rows.push({ id: rowId(recordId, 0), recordId, ordinal: 0, rowCount: 1, version: position, savedAt, values });
      await turns.giveWay();
    }
  }
}

function mismatchOfSize(values: StoredValues, { limits, sizeOf }: RecordStore): Mismatch | null {
  const bytes = sizeOf(values);
  if (bytes <= limits.maxRowBytes) return null;
  const expected = `at most ${limits.maxRowBytes} bytes`;
  const actual = `${bytes} bytes`;
  const message = `the record gives a row of ${actual}; the record store takes ${expected}`;
  return { pointer: '', code: 'ROW_TOO_LARGE', message, expected, actual };
}
