import 'reflect-metadata';
import { startApp } from './app.js';
import { banner } from './banner.js';
import { readConfig } from './config.js';
import { createLogger } from './telemetry/logger.js';

const config = readConfig(process.env);
const logger = createLogger(config.logLevel);
const app = await startApp(config, logger, (line) => process.stdout.write(`${line}\n`));
process.stdout.write(banner(app, config));

let closing = false;
/** A terminal's Ctrl-C may come twice, from the terminal and from npm: the first one counts. */
async function onSignal(signal: NodeJS.Signals): Promise<void> {
  if (closing) return;
  closing = true;
  process.stdout.write(`\n${signal}: finishing what is in flight ...\n`);
  try {
    await app.close();
    process.stdout.write('Stopped.\n');
  } catch (error) {
    logger.fatal({ err: error }, 'stopping');
    process.exitCode = 1;
  }
}
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
