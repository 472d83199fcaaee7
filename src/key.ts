import { Command, InvalidArgumentError, Option } from 'commander';
import { runningMongodUrl } from './adapters/embedded/start-embedded-mongod.js';
import { mongoApiKeys } from './adapters/mongodb/api-keys.js';
import { mongoAuditLog } from './adapters/mongodb/audit-log.js';
import { collectionsOf } from './adapters/mongodb/collections.js';
import { mongoConnections } from './adapters/mongodb/connections.js';
import { mongoDatasets } from './adapters/mongodb/datasets.js';
import { createIndexes } from './adapters/mongodb/indexes.js';
import { newId } from './adapters/new-id.js';
import { systemClock } from './adapters/system-clock.js';
import { readConfig } from './config.js';
import { openDatabase } from './database.js';
import { SluiceError } from './domain/errors.js';
import { parseDateTime } from './domain/sample/date-time.js';
import type { ApiKey } from './domain/security/api-key.js';
import { credentialState } from './domain/security/credential-state.js';
import { SCOPES, type Scope } from './domain/security/scopes.js';
import { giveUp } from './give-up.js';
import type { ApiKeys } from './ports/api-keys.js';
import { StartupError } from './ports/startup-error.js';
import { createLogger } from './telemetry/logger.js';
import type { CreatedApiKey } from './usecases/api-keys.js';
import { keysOnMachine } from './usecases/keys-on-machine.js';

const DAY_SECONDS = 86_400;
const PAGE = 1_000;

interface Keys extends ReturnType<typeof keysOnMachine>, Pick<ApiKeys, 'list'> {}

interface CreateOptions {
  readonly scope: readonly Scope[];
  readonly dataset?: readonly string[];
  readonly expires?: Date;
}

/** The command line of `npm run key`. It works on the database, whether or not the service is running; a secret is all that it writes to standard output. */
function commandLine(): Command {
  const program = new Command('npm run key --')
    .description(
      'Creates, lists, rotates and revokes API keys. Run it where the service runs, with the same variables.',
    )
    .showHelpAfterError();
  program
    .command('create')
    .description('creates a key and prints its secret, which is shown only once')
    .argument('<name>', 'what to call it')
    .addOption(
      new Option('-s, --scope <scopes...>', 'what it is for').choices(SCOPES).default(['MANAGE'], 'MANAGE: everything'),
    )
    .option('-d, --dataset <ids...>', 'the datasets that it is for (default: all)')
    .option('-e, --expires <time>', 'when it ends, such as 2027-01-31 or 2027-01-31T12:00:00Z (default: never)', timeOf)
    .action((name: string, { scope: scopes, dataset: datasetIds, expires: expiresAt }: CreateOptions) =>
      withKeys(async (keys) => printSecret(await keys.create({ name, scopes, datasetIds, expiresAt }))),
    );
  program
    .command('list')
    .description('lists all keys, newest first')
    .action(() => withKeys(printAll));
  program
    .command('rotate')
    .description('gives a key a new secret and prints it')
    .argument('<id>', 'the id of the key')
    .option('-o, --overlap <seconds>', 'how long the secret before stays valid', secondsOf, DAY_SECONDS)
    .action((id: string, { overlap }: { readonly overlap: number }) =>
      withKeys(async (keys) => printSecret(await keys.rotate(id, overlap))),
    );
  program
    .command('revoke')
    .description('ends a key at once and for ever')
    .argument('<id>', 'the id of the key')
    .action((id: string) => withKeys(async (keys) => tell(`revoked: ${lineOf(await keys.revoke(id))}`)));
  return program;
}

async function withKeys(run: (keys: Keys) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  const mongodbUrl = config.mongodbUrl ?? (await runningMongodUrl(config.dataDir)) ?? undefined;
  const database = await openDatabase({ ...config, mongodbUrl }, createLogger(config.logLevel), {
    onProgress: tell,
  });
  try {
    const collections = collectionsOf(database.db);
    await createIndexes(collections);
    const apiKeys = mongoApiKeys(collections);
    const catalog = {
      ...mongoConnections(database.client, collections),
      ...mongoDatasets(database.client, collections),
    };
    const auditLog = mongoAuditLog(collections);
    const reportError = (error: unknown, doing: string) => tell(`${doing} failed: ${String(error)}`);
    const deps = { apiKeys, auditLog, catalog, clock: systemClock, newId, reportError };
    await run({ ...keysOnMachine(deps), list: apiKeys.list });
  } catch (error) {
    throw error instanceof SluiceError ? new StartupError(inOptions(error.message), { cause: error }) : error;
  } finally {
    await database.close();
  }
}

/** A message of the API in the words of this command line. */
function inOptions(message: string): string {
  const options = {
    'input.datasetIds': '--dataset',
    'input.expiresAt': '--expires',
    'input.name': '<name>',
    overlapSeconds: '--overlap',
  };
  return Object.entries(options).reduce((text, [field, option]) => text.replaceAll(field, option), message);
}

function printSecret({ secret, apiKey }: CreatedApiKey): void {
  tell(lineOf(apiKey));
  process.stdout.write(`${secret}\n`);
}

async function printAll({ list }: Pick<Keys, 'list'>): Promise<void> {
  let page = await list({ first: PAGE });
  for (;;) {
    for (const key of page.nodes) process.stdout.write(`${lineOf(key)}\n`);
    if (!page.hasNextPage) return;
    page = await list({ first: PAGE, after: page.nodes.at(-1)?.id });
  }
}

function lineOf(key: ApiKey): string {
  const datasets = key.datasetIds?.join(',') ?? 'all datasets';
  const used = key.lastUsedAt === null ? 'never used' : `used ${key.lastUsedAt.toISOString()}`;
  const state = credentialState(key, systemClock.now()).kind;
  const expires = key.expiresAt === null ? 'no end' : `ends ${key.expiresAt.toISOString()}`;
  return [key.id, JSON.stringify(key.name), key.prefix, key.scopes.join(','), datasets, state, expires, used].join(
    '  ',
  );
}

/** A key must not last longer than its maker meant: JavaScript would take February 31 for March 3, and a time without a zone for that of the machine. */
function timeOf(text: string): Date {
  const time = parseDateTime(text);
  if (time !== null) return time;
  throw new InvalidArgumentError('Give a time such as 2027-01-31 or 2027-01-31T12:00:00Z; without a zone, it is UTC.');
}

function secondsOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a number of seconds.');
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

await commandLine().parseAsync().catch(giveUp);
