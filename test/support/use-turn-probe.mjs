import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/*
 * Loaded into a service that a test watches. Every few milliseconds it notes how much CPU time the main thread has used since the last time. That is more than the interval only if one turn of the
 * event loop took longer. The clock does not count, so that a busy machine changes nothing. On SIGUSR2 it writes the most that it has noted, and begins anew; and the most memory that was resident
 * since the process began, which the system itself counts, also during a long turn and in other threads.
 */
const EVERY_MS = 2;
const file = process.env.TURN_PROBE_FILE ?? '';
const THREAD = `/proc/self/task/${process.pid}/schedstat`;

let longestMs = 0;
let last = cpuMs();
setInterval(note, EVERY_MS).unref();

function note() {
  const now = cpuMs();
  longestMs = Math.max(longestMs, now - last);
  last = now;
}

process.on('SIGUSR2', () => {
  // The signal may come before the interval, after a long turn.
  note();
  writeFileSync(`${file}.new`, JSON.stringify({ longestMs, mostBytes: mostBytes() }));
  renameSync(`${file}.new`, file);
  longestMs = 0;
});

/**
 * The most memory that was resident since the program of this process began. Where the system does not tell it, since the process began: a new one has as much at first as the one that started it, and
 * a test may need more than the service.
 */
function mostBytes() {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return 1024 * Number(kilobytes);
  } catch {
    // There is no such file.
  }
  return 1024 * process.resourceUsage().maxRSS;
}

/** CPU time of the main thread; where the system does not tell it, of the process. */
function cpuMs() {
  try {
    return Number(readFileSync(THREAD, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e3;
  }
}
