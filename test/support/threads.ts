import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { examinationThreads } from '../../src/adapters/threads/examination-threads.js';
import type { ExaminationThreads } from '../../src/ports/examination-threads.js';
import { compiledPath } from './programs.js';

export interface CountedThreads extends ExaminationThreads {
  /** How many payloads were examined there. */
  readonly examined: number;
  readonly errors: readonly unknown[];
  end(): Promise<void>;
}

/** One thread, for the record store that the tests run on. `program`: by default the one of the service. */
export function threadsForTests(
  program = pathToFileURL(resolve(compiledPath('src/examination-program.ts'))),
): CountedThreads {
  const errors: unknown[] = [];
  let examined = 0;
  const store = process.env.ELASTICSEARCH_URL === undefined ? 'MONGODB' : 'ELASTICSEARCH';
  const data = { store, maxRowBytes: 1_000_000 } as const;
  const threads = examinationThreads(1, { program, data, reportError: (error) => void errors.push(error) });
  return {
    errors,
    get examined() {
      return examined;
    },
    examine(...args) {
      const examining = threads.examine(...args);
      return (
        examining?.then((result) => {
          if (result) examined += 1;
          return result;
        }) ?? null
      );
    },
    end: () => threads.end(),
  };
}
