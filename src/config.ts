import { resolve } from 'node:path';
import { z } from 'zod';
import { StartupError } from './ports/startup-error.js';

const MB = 1024 * 1024;

const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SLUICE_DATA_DIR: z.string().min(1).default('./data'),
  SLUICE_CACHE_DIR: z.string().min(1).optional(),
  SLUICE_API_KEY: z.string().min(16, 'give a secret of 16 characters or more').optional(),
  MONGODB_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'give a mongodb:// or mongodb+srv:// URL')
    .optional(),
  SLUICE_ROLE: z.enum(['api', 'worker', 'all']).default('all'),
  SLUICE_MAX_PAYLOAD_BYTES: count(10 * MB),
  SLUICE_MAX_IN_FLIGHT_BYTES: count(256 * MB),
  SLUICE_MAX_BACKLOG_BYTES: count(4096 * MB),
  SLUICE_MAX_BACKLOG_JOBS: count(100_000),
  SLUICE_MAX_QUARANTINE_RECORDS: count(10_000),
  SLUICE_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** The typed, frozen configuration of one process. */
export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** How clients reach the service, without a slash at the end; undefined: from host and port once they are known. */
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  /** Where fetched binaries are kept; undefined: the user's cache folder. */
  readonly cacheDir: string | undefined;
  readonly apiKey: string | undefined;
  /** Undefined: an embedded mongod. */
  readonly mongodbUrl: string | undefined;
  /** The largest body, after decompression. */
  readonly maxPayloadBytes: number;
  /** api: accepts and answers, loads nothing; worker: loads, and answers for its health alone; all: both. */
  readonly role: 'api' | 'worker' | 'all';
  /** Payload bytes this process holds at a time: bodies being received, groups being loaded. */
  readonly maxInFlightBytes: number;
  /** Payload bytes and jobs accepted and not final, a dataset. */
  readonly maxBacklogBytes: number;
  readonly maxBacklogJobs: number;
  /** Records in quarantine, a dataset. */
  readonly maxQuarantineRecords: number;
  readonly logLevel: string;
}

/** Reads the environment. An empty variable counts as unset. Throws StartupError naming every variable at fault. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(set);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new StartupError(`the configuration does not fit:\n${faults.join('\n')}`);
  }
  const e = result.data;
  return Object.freeze({
    host: e.HOST,
    port: e.PORT,
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, ''),
    dataDir: resolve(e.SLUICE_DATA_DIR),
    cacheDir: e.SLUICE_CACHE_DIR,
    apiKey: e.SLUICE_API_KEY,
    mongodbUrl: e.MONGODB_URL,
    maxPayloadBytes: e.SLUICE_MAX_PAYLOAD_BYTES,
    role: e.SLUICE_ROLE,
    maxInFlightBytes: e.SLUICE_MAX_IN_FLIGHT_BYTES,
    maxBacklogBytes: e.SLUICE_MAX_BACKLOG_BYTES,
    maxBacklogJobs: e.SLUICE_MAX_BACKLOG_JOBS,
    maxQuarantineRecords: e.SLUICE_MAX_QUARANTINE_RECORDS,
    logLevel: e.SLUICE_LOG_LEVEL,
  });
}
