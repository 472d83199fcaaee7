import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { EncodedExamination } from '../domain/load/encoded-payload.js';
import type { ExamineTask } from '../domain/load/examined-payload.js';
import type { LoggedPush } from './push-log.js';

/** Threads beside that of the event loop, which examine pushes under designs with steps, and encode their rows for the record store. */
export interface ExaminationThreads {
  /**
   * Has a push examined, if a thread is free; null if none is. The push is one of new records, under a design without identifiers that needs no outside data. Resolves with null if
   * the encoded rows take more than `maxBytes`, or the thread cannot do it for any other reason: then examine the push here. Never rejects.
   */
  examine(
    push: LoggedPush,
    design: CompiledDesign,
    task: ExamineTask,
    maxBytes: number,
  ): Promise<EncodedExamination | null> | null;
}
