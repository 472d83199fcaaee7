import { randomFillSync } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';

const RANDOM_BYTES = 16;
/** A call of the generator of random bytes costs several times as much as the rest of an id, however few it is asked for. */
const pool = Buffer.allocUnsafeSlow(256 * RANDOM_BYTES);
let used = pool.length;
let msecs = 0;
let seq = 0;

/** A new id: a UUID of version 7. Of two that this process makes, the later one is greater, also within a millisecond or after the time of day was set back. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    // Half of the range is left to count up in.
    seq = random.readUInt32BE() >>> 1;
  } else seq += 1;
  return uuidV7({ random, msecs, seq });
}
