import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { faultOfTemplate } from './domain/geolocation/url-template.js';
import { nearestName } from './domain/nearest-name.js';
import type { RateLimit } from './domain/security/rate-limit.js';
import { looksLikeToken } from './domain/security/viewer-claims.js';
import { EDGE_VARIABLES, type EdgeConfig, edgeOf } from './edge-config.js';
import { StartupError } from './ports/startup-error.js';
import {
  checkViewerTokens,
  VIEWER_TOKEN_VARIABLES,
  type ViewerTokenConfig,
  viewerTokensOf,
} from './viewer-token-config.js';

const MB = 1024 * 1024;

/** A job marks its records with one bit each. The marks of all jobs of a group must fit into one MongoDB document. */
const MOST_PAYLOAD_BYTES = 128 * MB;

/** One core stays free for everything else. Each thread takes memory, so a large machine does not get as many as it could use unasked. */
const threadsByDefault = () => Math.min(4, availableParallelism() - 1);

const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SLUICE_DATA_DIR: z.string().min(1).default('./data'),
  SLUICE_CACHE_DIR: z.string().min(1).optional(),
  SLUICE_API_KEY: z
    .string()
    .min(16, 'give a secret of 16 characters or more')
    .refine((key) => !looksLikeToken(key), 'give a secret that does not look like a JSON Web Token')
    .optional(),
  MONGODB_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'give a mongodb:// or mongodb+srv:// URL')
    .optional(),
  ELASTICSEARCH_URL: z
    .string()
    .transform((list) => list.split(',').map((url) => url.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/, error: 'give http:// or https:// URLs, separated by commas' })))
    .optional(),
  ELASTICSEARCH_API_KEY: z.string().optional(),
  ELASTICSEARCH_USERNAME: z.string().optional(),
  ELASTICSEARCH_PASSWORD: z.string().optional(),
  ELASTICSEARCH_CA: z.string().optional(),
  ELASTICSEARCH_SHARDS: count(1),
  ELASTICSEARCH_REPLICAS: z
    .string()
    .regex(/^(\d+|\d+-(\d+|all))$/, 'give a number, or a range such as 0-1 or 0-all')
    .default('0-1'),
  ELASTICSEARCH_REFRESH_INTERVAL: z
    .string()
    .regex(/^(-1|\d+(ms|s|m))$/, 'give a time such as 30s, or -1')
    .default('-1'),
  SLUICE_ROLE: z.enum(['api', 'worker', 'all']).default('all'),
  SLUICE_MAX_PAYLOAD_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .max(MOST_PAYLOAD_BYTES)
    .default(10 * MB),
  SLUICE_MAX_IN_FLIGHT_BYTES: count(256 * MB),
  SLUICE_MAX_BACKLOG_BYTES: count(4096 * MB),
  SLUICE_MAX_BACKLOG_JOBS: count(100_000),
  SLUICE_MAX_QUARANTINE_RECORDS: count(10_000),
  SLUICE_THREADS: z.coerce.number().int().min(0).max(64).default(threadsByDefault),
  SLUICE_RATE_LIMIT_REQUESTS: z.coerce.number().int().min(0).default(60_000),
  SLUICE_RATE_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(6 * 1024 * MB),
  SLUICE_AUDIT_RETENTION_DAYS: count(365),
  SLUICE_POSTAL_CODES: z.string().min(1).optional(),
  SLUICE_GEOCODER_URL: z.string().superRefine(checkTemplate).optional(),
  SLUICE_GEOCODER_RATE: z.coerce.number().positive().max(1_000).default(1),
  SLUICE_GEOCODER_SECONDS: z.coerce.number().positive().max(3_600).default(30),
  ...VIEWER_TOKEN_VARIABLES,
  ...EDGE_VARIABLES,
  SLUICE_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** How to reach an Elasticsearch, and how its indices are laid out. */
export interface ElasticsearchConfig {
  readonly urls: readonly string[];
  readonly apiKey: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** A PEM file with the certificates of the authorities that signed the servers' certificates; if undefined, the authorities that Node.js trusts. */
  readonly caFile: string | undefined;
  readonly shards: number;
  /** A number, or a range such as `0-1`, in which the cluster uses as many as it has nodes for. */
  readonly replicas: string;
  readonly refreshInterval: string;
}

/** The geocoder that is asked for addresses. */
export interface GeocoderConfig {
  /** It may hold a secret: do not print it. */
  readonly url: string;
  /** Requests a second of this process. */
  readonly rate: number;
  /** How long jobs that are loaded together may ask, in milliseconds. */
  readonly askingMs: number;
}

/** The typed, frozen configuration of one process. */
export interface Config extends EdgeConfig {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** The URL at which clients reach the service, without a slash at the end; if undefined, it is made from host and port. */
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  /** Where fetched binaries are kept; if undefined, in the user's cache folder. */
  readonly cacheDir: string | undefined;
  readonly apiKey: string | undefined;
  /** If undefined, an embedded mongod is used. */
  readonly mongodbUrl: string | undefined;
  /** The record store; if undefined, rows are in MongoDB, like the push log. */
  readonly elasticsearch: ElasticsearchConfig | undefined;
  /** The largest body, after decompression. */
  readonly maxPayloadBytes: number;
  /** api: accepts requests and loads nothing; worker: loads, and serves only the health routes; all: both. */
  readonly role: 'api' | 'worker' | 'all';
  /** Payload bytes that this process holds at a time: bodies that it receives, and groups that it loads. */
  readonly maxInFlightBytes: number;
  /** Payload bytes and jobs of one dataset that are accepted and not final. */
  readonly maxBacklogBytes: number;
  readonly maxBacklogJobs: number;
  /** Records in quarantine for one dataset. */
  readonly maxQuarantineRecords: number;
  /** Threads beside that of the event loop, which examine pushes under designs with steps. */
  readonly threads: number;
  /** How long entries of the audit log are kept. */
  readonly auditRetentionDays: number;
  /** GeoNames' file of postal codes; if undefined, addresses are placed without them. */
  readonly postalCodesFile: string | undefined;
  /** If undefined, addresses are placed offline. */
  readonly geocoder: GeocoderConfig | undefined;
  /** If undefined, no viewer tokens are accepted. */
  readonly viewerTokens: ViewerTokenConfig | undefined;
  /** Of callers without one of their own, except MANAGE keys, which have none. */
  readonly rateLimit: RateLimit;
  readonly logLevel: string;
}

/** Reads the environment. An empty variable counts as unset. Throws StartupError that names every wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.superRefine(checkElasticsearch).superRefine(checkViewerTokens).safeParse(set);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${messageOf(issue)}`);
    const warnings = unknownVariables(env).map((warning) => `  ${warning}`);
    throw new StartupError(`the configuration is invalid:\n${[...faults, ...warnings].join('\n')}`);
  }
  const e = result.data;
  return Object.freeze({
    host: e.HOST,
    port: e.PORT,
    publicUrl: e.PUBLIC_URL?.replace(/(?<!\/)\/+$/, ''),
    dataDir: resolve(e.SLUICE_DATA_DIR),
    cacheDir: e.SLUICE_CACHE_DIR,
    apiKey: e.SLUICE_API_KEY,
    mongodbUrl: e.MONGODB_URL,
    elasticsearch: elasticsearchOf(e),
    maxPayloadBytes: e.SLUICE_MAX_PAYLOAD_BYTES,
    role: e.SLUICE_ROLE,
    maxInFlightBytes: e.SLUICE_MAX_IN_FLIGHT_BYTES,
    maxBacklogBytes: e.SLUICE_MAX_BACKLOG_BYTES,
    maxBacklogJobs: e.SLUICE_MAX_BACKLOG_JOBS,
    maxQuarantineRecords: e.SLUICE_MAX_QUARANTINE_RECORDS,
    threads: e.SLUICE_THREADS,
    auditRetentionDays: e.SLUICE_AUDIT_RETENTION_DAYS,
    postalCodesFile: e.SLUICE_POSTAL_CODES,
    geocoder: geocoderOf(e),
    viewerTokens: viewerTokensOf(e),
    rateLimit: Object.freeze({
      requestsPerMinute: e.SLUICE_RATE_LIMIT_REQUESTS || null,
      bytesPerMinute: e.SLUICE_RATE_LIMIT_BYTES || null,
    }),
    ...edgeOf(e),
    logLevel: e.SLUICE_LOG_LEVEL,
  });
}

const PREFIX = 'SLUICE_';
/** Variables of the project's other programs: the demo and the tests. */
const OF_OTHERS: readonly string[] = [
  'SLUICE_URL',
  'SLUICE_MODEL_RUNS',
  'SLUICE_PERMISSION_RUNS',
  'SLUICE_PERMISSION_SEED',
  'SLUICE_FUZZ_RUNS',
  'SLUICE_FUZZ_SEED',
];
const OF_TESTS = 'SLUICE_TEST_';

/** A warning for each unknown variable that begins like those of the service, with the nearest known one. Values are not quoted, because they may be secrets. */
export function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = Object.keys(environment.shape);
  const unknown = Object.keys(env).filter(
    (name) =>
      name.toUpperCase().startsWith(PREFIX) && ![...known, ...OF_OTHERS].includes(name) && !name.startsWith(OF_TESTS),
  );
  return unknown.map((name) => {
    const bare = name.toUpperCase().slice(PREFIX.length);
    const nearest = known.includes(bare) ? bare : nearestName(name.toUpperCase(), known);
    return `the variable ${name} is unknown and has no effect; did you mean ${nearest}?`;
  });
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.expected === 'int' ? 'it is no whole number; give one' : `it is no ${issue.expected}; give one`;
}

type Environment = z.infer<typeof environment>;

function geocoderOf(e: Environment): GeocoderConfig | undefined {
  const [url, rate, askingMs] = [e.SLUICE_GEOCODER_URL, e.SLUICE_GEOCODER_RATE, 1_000 * e.SLUICE_GEOCODER_SECONDS];
  return url === undefined ? undefined : Object.freeze({ url, rate, askingMs });
}

function checkTemplate(template: string, context: z.RefinementCtx): void {
  const fault = faultOfTemplate(template);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
}

function elasticsearchOf(e: Environment): ElasticsearchConfig | undefined {
  if (e.ELASTICSEARCH_URL === undefined) return undefined;
  return Object.freeze({
    urls: e.ELASTICSEARCH_URL,
    apiKey: e.ELASTICSEARCH_API_KEY,
    username: e.ELASTICSEARCH_USERNAME,
    password: e.ELASTICSEARCH_PASSWORD,
    caFile: e.ELASTICSEARCH_CA,
    shards: e.ELASTICSEARCH_SHARDS,
    replicas: e.ELASTICSEARCH_REPLICAS,
    refreshInterval: e.ELASTICSEARCH_REFRESH_INTERVAL,
  });
}

const CREDENTIALS = ['ELASTICSEARCH_API_KEY', 'ELASTICSEARCH_USERNAME', 'ELASTICSEARCH_PASSWORD'] as const;

function checkElasticsearch(e: Environment, context: z.RefinementCtx): void {
  const fault = (name: keyof Environment, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  const [given, ...others] = CREDENTIALS.filter((name) => e[name] !== undefined);
  if (given !== undefined && e.ELASTICSEARCH_URL === undefined) {
    fault('ELASTICSEARCH_URL', `${given} is set, but there is no Elasticsearch to use it for; give its URL too`);
  }
  if (e.ELASTICSEARCH_CA !== undefined && e.ELASTICSEARCH_URL === undefined) {
    fault('ELASTICSEARCH_CA', 'is set, but there is no Elasticsearch to use it for; give ELASTICSEARCH_URL too');
  }
  const [least = '', most = least] = e.ELASTICSEARCH_REPLICAS.split('-');
  if (Number(least) > Number(most))
    fault('ELASTICSEARCH_REPLICAS', `the range ${least}-${most} is the wrong way round`);
  if (given === 'ELASTICSEARCH_API_KEY' && others.length > 0) {
    fault('ELASTICSEARCH_API_KEY', `give either an API key or a user name and password, not both`);
  }
  if ((e.ELASTICSEARCH_USERNAME === undefined) !== (e.ELASTICSEARCH_PASSWORD === undefined)) {
    fault('ELASTICSEARCH_USERNAME', 'give both ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD, or neither');
  }
}
