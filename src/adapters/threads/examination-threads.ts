import type { ExaminationThreads } from '../../ports/examination-threads.js';
import { ExaminationThread, type ThreadDeps } from './examination-thread.js';

/** So many threads; each starts when it is first needed. End them with the service. */
export function examinationThreads(count: number, deps: ThreadDeps): ExaminationThreads & { end(): Promise<void> } {
  const threads = Array.from({ length: count }, () => new ExaminationThread(deps));
  return {
    examine(...args) {
      for (const thread of threads) {
        const examining = thread.examine(...args);
        if (examining) return examining;
        // One after the other: what one can do takes no other.
        if (thread.isStarting) return null;
      }
      return null;
    },
    async end() {
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}
