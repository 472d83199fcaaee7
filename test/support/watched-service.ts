import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@jest/globals';
import { slowness } from './machine-speed.js';
import { storeEnv, type TestDatabase, testDatabase } from './mongod.js';
import { ServiceProcess } from './service-process.js';
import { API_KEY } from './sluice.js';
import { until } from './until.js';

const PROBE = pathToFileURL(join(process.cwd(), 'test/support/use-turn-probe.mjs')).href;

/** How long one request, job or message may keep the event loop, in milliseconds of CPU time of a machine of the usual speed. */
export const LONGEST_MS = 100;

/** What a service did at most. */
export interface Watched {
  /** CPU time of the main thread in one turn of the event loop since it was asked last, in milliseconds. */
  readonly longestMs: number;
  /** Resident memory since the service began, in bytes. */
  readonly mostBytes: number;
}

/** A service in a process of its own, whose turns of the event loop and whose memory are watched. */
export interface WatchedService {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  post(path: string, body: string | Buffer, type?: string): Promise<Response>;
  /** The data of a GraphQL request. Throws if it has errors. */
  graphql<T>(query: string, variables?: object): Promise<T>;
  /** Makes an applied dataset. */
  dataset(sample: object): Promise<string>;
  /** What it did at most; turns since the last call. */
  most(): Promise<Watched>;
  /** Ends the process. */
  end(): Promise<void>;
  /** Ends the process, and removes its data. */
  close(): Promise<void>;
}

/** Starts a service; by default on a database of its own, and without other options of Node.js. */
export async function startWatchedService(
  given?: Pick<TestDatabase, 'url'>,
  options: readonly string[] = [],
): Promise<WatchedService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-watched-'));
  const own = given ? null : await testDatabase();
  const databaseUrl = given?.url ?? own?.url;
  const file = join(dataDir, 'turns.json');
  const env = { ...storeEnv(), MONGODB_URL: databaseUrl, SLUICE_API_KEY: API_KEY, TURN_PROBE_FILE: file };
  const service = ServiceProcess.start(dataDir, { ...env, NODE_OPTIONS: `--import ${PROBE}` }, options);
  const url = await service.ready();
  return {
    url,
    ...requestsTo(url),
    async most() {
      await rm(file, { force: true });
      service.child.kill('SIGUSR2');
      return until('what the probe noted', async () => {
        const noted = await readFile(file, 'utf8').catch(() => null);
        return noted === null ? null : (JSON.parse(noted) as Watched);
      });
    },
    async end() {
      await service.end('SIGTERM');
    },
    async close() {
      await service.end('SIGTERM');
      await own?.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const HEADERS = { 'x-api-key': API_KEY, 'content-type': 'application/json' };

function requestsTo(url: string): Pick<WatchedService, 'headers' | 'post' | 'graphql' | 'dataset'> {
  const post = (path: string, body: string | Buffer, type = HEADERS['content-type']) =>
    fetch(`${url}${path}`, { method: 'POST', headers: { ...HEADERS, 'content-type': type }, body });
  const graphql = async <T>(query: string, variables: object = {}): Promise<T> => {
    const response = await post('/graphql', JSON.stringify({ query, variables }));
    const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
    if (errors) throw new Error(errors.map(({ message }) => message).join());
    return data;
  };
  return {
    headers: HEADERS,
    post,
    graphql,
    async dataset(sample) {
      const { createDataset } = await graphql<{ createDataset: { id: string } }>(
        'mutation($s: JSON!) { createDataset(input: {name: "d", sample: $s, apply: true}) { id } }',
        { s: sample },
      );
      return createDataset.id;
    },
  };
}

const TRIES = 3;

/**
 * The longest turn while work is done, in milliseconds of a machine of the usual speed. If it is too long, the work is done again, up to three times: what takes long takes as long each time, unlike code
 * that is compiled for the first time, or a large garbage collection.
 */
export async function longestTurnOf(service: WatchedService, work: () => Promise<unknown>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && shortest >= LONGEST_MS; tries += 1) {
    shortest = Math.min(shortest, await turnOf(service, work));
  }
  return shortest;
}

/** The longest turn while work is done once, in the same milliseconds. */
export async function turnOf(service: WatchedService, work: () => Promise<unknown>): Promise<number> {
  const before = slowness();
  await service.most();
  await work();
  const { longestMs } = await service.most();
  return longestMs / Math.max(before, slowness());
}

/** Expects that a request is answered, with no internal error, and keeps the event loop for a short time only. Other clients are answered meanwhile. Returns the answer. */
export async function expectQuickAnswer(
  service: WatchedService,
  path: string,
  body: string | Buffer,
  type?: string,
): Promise<string> {
  let text = '';
  const longest = await longestTurnOf(service, async () => {
    const asked = service.post(path, body, type);
    const healthy = fetch(`${service.url}/healthz`);
    const response = await asked;
    text = await response.text();
    expect((await healthy).status).toBe(200);
    expect([response.status < 500, text.includes('INTERNAL')]).toEqual([true, false]);
  });
  expect(longest).toBeLessThan(LONGEST_MS);
  return text;
}
