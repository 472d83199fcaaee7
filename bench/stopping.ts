import { once } from 'node:events';
import { note } from './note.js';

/** Ctrl-C arrives twice, from the terminal and from npm: what follows so soon is the same one. */
const SAME_MS = 1_000;
/** How often to check whether npm has ended without passing a signal on. */
const PARENT_POLL_MS = 1_000;

/**
 * Returns a signal that aborts when the benchmark must end: on SIGINT, SIGTERM, SIGHUP, when npm has ended, and on an error that nothing catches. mongod and Elasticsearch have process groups of their own, so they run on unless
 * the benchmark ends them. A second signal ends the process immediately, with what it has started left running.
 */
export function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  let since = 0;
  const stop = (reason: string) => {
    since = performance.now();
    note(`${reason}: ending the servers; a second signal leaves them running`);
    stopping.abort(new Error(`the benchmark was stopped: ${reason}`));
  };
  const onSignal = (name: NodeJS.Signals) => {
    if (!stopping.signal.aborted) stop(name);
    else if (performance.now() - since > SAME_MS) process.exit(1);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  onEndOfNpm(() => stopping.signal.aborted || stop('npm has ended'));
  process.on('uncaughtException', (error) => {
    // After a stop, what still runs loses its servers, and a closed terminal refuses output.
    if (stopping.signal.aborted) return;
    console.error(error);
    stop('an error was not caught');
  });
  return stopping.signal;
}

function onEndOfNpm(act: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => process.ppid === parent || act(), PARENT_POLL_MS);
  timer.unref();
}

/** Returns what the work resolves with. Throws the reason of `stopping` as soon as that aborts; the work is then left alone. */
export async function untilStopped<T>(stopping: AbortSignal, work: () => Promise<T>): Promise<T> {
  stopping.throwIfAborted();
  const isOver = new AbortController();
  const stopped = once(stopping, 'abort', { signal: isOver.signal }).then(() => {
    throw stopping.reason;
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    isOver.abort();
  }
}
