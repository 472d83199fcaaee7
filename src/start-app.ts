import { MongoError } from 'mongodb';
import { unusable } from './adapters/mongodb/connect.js';
import type { App } from './app.js';
import type { Config } from './config.js';
import { type Database, openDatabase } from './database.js';
import { refuseTakenPort } from './edge/listening.js';
import { StartupError } from './ports/startup-error.js';
import type { Logger } from './telemetry/logger.js';

/** The rest of the program. To read and compile it takes about as long as an embedded mongod takes to start. */
const importProgram = () => import('./app.js');

/** Starts the service. `onProgress` gets a line for each step that takes long. */
export async function startApp(config: Config, logger: Logger, onProgress: (line: string) => void): Promise<App> {
  await refuseTakenPort(config.host, config.port);
  if (config.postalCodesFile !== undefined) {
    const { checkPostalCodes } = await import('./adapters/geocoding/postal-codes.js');
    await checkPostalCodes(config.postalCodesFile);
  }
  let program: ReturnType<typeof importProgram> | undefined;
  const onProcess = () => {
    program = importProgram();
    // Thrown below, where mongod can be stopped.
    program.catch(() => undefined);
  };
  const database = await openDatabase(config, logger, { onProgress, onProcess });
  try {
    const { startService } = await (program ?? importProgram());
    return await startService(database, config, logger);
  } catch (error) {
    await database.close();
    throw startFailure(error, database);
  }
}

/** If an embedded database ends while the service starts, its error does not mention a full disk. What a foreign one refuses, such as a user without rights, is for its operator. */
function startFailure(error: unknown, { storage, exclusive }: Database): unknown {
  if (!(error instanceof MongoError)) return error;
  const shortage = storage.shortage();
  if (shortage !== null) return new StartupError(shortage, { cause: error });
  return exclusive ? error : unusable(error);
}
