import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestDatabase } from './mongod.js';
import type { Pause } from './pauses.js';
import { compiledPath } from './programs.js';

/** A worker in another process, at the point where it pauses. */
export interface PausedWorker {
  readonly child: ChildProcess;
  /** What it has printed. */
  readonly output: () => string;
}

/** Workers in separate processes on one database. */
export function pausedWorkers({ url, db }: Pick<TestDatabase, 'url' | 'db'>) {
  const children: ChildProcess[] = [];
  return {
    async pausedAt(pause: Pause, datasetId: string): Promise<PausedWorker> {
      const args = [compiledPath('test/support/pausing-worker.ts'), url, db.databaseName, datasetId, pause];
      const child = spawn(process.execPath, args, {
        stdio: 'pipe',
        // This environment's own, which says where rows are.
        env: process.env,
      });
      children.push(child);
      let output = '';
      let errors = '';
      child.stderr?.on('data', (chunk) => {
        errors += chunk;
      });
      await new Promise<void>((resolve, reject) => {
        child.stdout?.on('data', (chunk) => {
          output += chunk;
          if (output.includes('PAUSED')) resolve();
        });
        child.once('exit', () => reject(new Error(`the worker ended: ${output}${errors}`)));
      });
      return { child, output: () => output };
    },

    /** kill -9; resolves once the process has ended. */
    async kill({ child }: PausedWorker): Promise<void> {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },

    killAll(): void {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
