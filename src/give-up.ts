import { StartupError } from './ports/startup-error.js';

/** Ends a process that could not start. A StartupError, which its reader can fix, is printed without a stack. */
export function giveUp(error: unknown): never {
  const text = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}
