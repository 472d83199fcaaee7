import { monitorEventLoopDelay } from 'node:perf_hooks';

/*
 * Loaded into the service that the benchmark starts. It answers the benchmark's messages with what the process has used so far, and with the delays of its event loop since the message `watch`, which
 * `rest` ends.
 */
const RESOLUTION_MS = 10;
let delay;

process.on('message', (message) => {
  if (message === 'watch') {
    delay?.disable();
    delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
  }
  const { user, system } = process.cpuUsage();
  // Node.js counts the whole time between two ticks of its timer; what is beyond the timer's own time is the delay.
  const p99DelayMs = delay ? Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS) : 0;
  if (message === 'rest') {
    delay?.disable();
    delay = undefined;
  }
  process.send({ cpuMs: (user + system) / 1_000, megabytes: process.memoryUsage.rss() / 1_048_576, p99DelayMs });
});
process.channel?.unref();
