import { memoryBudget } from '../../src/adapters/memory/memory-budget.js';
import { memoryRateLimits } from '../../src/adapters/memory/rate-limits.js';
import type { Access, Caller } from '../../src/domain/security/caller.js';
import { clientAddress } from '../../src/edge/client-address.js';
import { createServer, type ServerOptions, type SluiceServer } from '../../src/edge/server.js';
import { FOREIGN_STORAGE } from '../../src/ports/storage-health.js';
import { createLogger } from '../../src/telemetry/logger.js';
import type { UseCases } from '../../src/usecases/use-cases.js';
import { CALLER } from './lane.js';

/** Must not be shown to clients. */
export const SECRET = 'the password of the database';

/** The watches that have been started, to see whether they are ended. */
export const watches: AbortSignal[] = [];
/** Lets the requests go on that wait for the job `slow`, each by one of these. */
export const waiting: (() => void)[] = [];
const DONE = { id: 'slow', faults: { errorCount: 0 } };
const jobs = {
  job: () => Promise.reject(new TypeError(SECRET)),
  existingJob: (id: string) =>
    id === 'slow' ? new Promise((resolve) => waiting.push(() => resolve(DONE))) : Promise.reject(new TypeError(SECRET)),
  errorsOf: async () => [],
  errorSummaryOf: async () => [],
  watch: async (_request: unknown, signal: AbortSignal) => {
    watches.push(signal);
    return (async function* () {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    })();
  },
};
/** What the key of every request may do. */
export const key: { access: Access } = { access: CALLER.access };

/** Use cases that fail in ways in which real ones cannot be made to fail. */
const useCases = {
  authenticate: async () => ({ ...CALLER, ...key }),
  authenticatePush: async () => ({ ...CALLER, ...key }),
  authenticateAhead: () => null,
  stillValid: async (callers: readonly Caller[]) => new Set(callers),
  readerFor: () => ({ jobs }),
} as unknown as UseCases;

const PROBLEM = { summary: 'no database', detail: 'mongo-7 is down' };

/** A server with these use cases and no database, which is not ready, and the host and port at which it listens. */
export async function failingServer(
  more: Partial<ServerOptions> = {},
): Promise<{ server: SluiceServer; host: string }> {
  const server = await createServer({
    useCases,
    addressOf: clientAddress([]),
    noteRefusals: () => undefined,
    maxPayloadBytes: 1000,
    memory: memoryBudget(1_000_000),
    answerMemory: memoryBudget(1_000_000),
    rates: memoryRateLimits(),
    closeGraceMs: 60_000,
    servesApi: true,
    readiness: async () => ({ ready: false, problems: [PROBLEM], notices: [] }),
    liveness: () => null,
    storage: FOREIGN_STORAGE,
    logger: createLogger('silent'),
    ...more,
  });
  return { server, host: `127.0.0.1:${await server.listen('127.0.0.1', 0)}` };
}
