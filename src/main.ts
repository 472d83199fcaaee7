import './production.js';
import 'reflect-metadata';
import type { App } from './app.js';
import { banner } from './banner.js';
import { readConfig, unknownVariables } from './config.js';
import { giveUp } from './give-up.js';
import { StartupError } from './ports/startup-error.js';
import { startApp } from './start-app.js';
import { createLogger } from './telemetry/logger.js';

/** How often to check whether npm has ended without passing a signal on. */
const PARENT_POLL_MS = 1_000;

const tell = (line: string) => void process.stdout.write(`${line}\n`);

let app: App | undefined;
let stopping: string | undefined;

/** Ctrl-C may arrive twice, from the terminal and from npm: the first one counts. If it arrives during the start, the stop waits for the start. */
async function onStop(reason: string): Promise<void> {
  if (stopping !== undefined) return;
  stopping = reason;
  if (app) await stop(app, reason);
  else tell(`\n${reason}: stopping once the start is over ...`);
}

async function stop(running: App, reason: string): Promise<void> {
  tell(`\n${reason}: finishing running work ...`);
  await running.close().catch(giveUp);
  tell('Stopped.');
  process.exit();
}

/** Stops the service when npm ends: npm passes signals on, but not the one that kills it. */
function stopWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== npm) void onStop('npm has ended');
  }, PARENT_POLL_MS);
  timer.unref();
}

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel);
  const warnings = unknownVariables(process.env);
  for (const warning of warnings) logger.warn(warning);
  app = await startApp(config, logger, tell);
  if (stopping !== undefined) return stop(app, stopping);
  void app.lost.then((reason) => giveUp(new StartupError(reason)));
  tell(banner(app, config, warnings));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onStop);
// A closed terminal or pipe must not end the service before it has stopped what it started.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
stopWithNpm();
await start().catch(giveUp);
