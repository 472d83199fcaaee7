import 'reflect-metadata';
import { type App, startApp } from './app.js';
import { banner } from './banner.js';
import { readConfig } from './config.js';
import { giveUp } from './give-up.js';
import { createLogger } from './telemetry/logger.js';

const tell = (line: string) => void process.stdout.write(`${line}\n`);

let app: App | undefined;
let stopping: NodeJS.Signals | undefined;

/** A terminal's Ctrl-C may come twice, from the terminal and from npm: the first one counts. One that comes while starting waits for the start. */
async function onSignal(signal: NodeJS.Signals): Promise<void> {
  if (stopping) return;
  stopping = signal;
  if (app) await stop(app, signal);
}

async function stop(running: App, signal: NodeJS.Signals): Promise<void> {
  tell(`\n${signal}: finishing what is in flight ...`);
  await running.close().catch(giveUp);
  tell('Stopped.');
  process.exit();
}

async function start(): Promise<void> {
  const config = readConfig(process.env);
  app = await startApp(config, createLogger(config.logLevel), tell);
  tell(banner(app, config));
  if (stopping) await stop(app, stopping);
}

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
await start().catch(giveUp);
