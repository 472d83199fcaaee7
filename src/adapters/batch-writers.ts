import { endTurnIfOver, othersFirst } from '../event-loop/turns.js';
import { ReusedMemory } from './reused-memory.js';

/** Writes one batch. `memory` is that of its writer, which writes one batch at a time. */
type WriteBatch<T> = (batch: T, memory: ReusedMemory) => Promise<void>;

/** Writes batches by several writers, each in turns of the event loop. If one fails, so does this; when it throws, no batch is being written any more. */
export async function writeBatches<T>(batches: Generator<T>, writers: number, write: WriteBatch<T>): Promise<void> {
  const writeNext = async (_: unknown, index: number) => {
    // To make a batch takes some milliseconds.
    if (index > 0) await othersFirst();
    const memory = new ReusedMemory();
    // A writer that fails ends the generator that all writers share, and so ends the others.
    for (const batch of batches) {
      await write(batch, memory);
      // The replies to several batches often arrive together.
      await endTurnIfOver();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: writers }, writeNext));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
