import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import { memoryBudget } from '../adapters/memory/memory-budget.js';
import { memoryRateLimits } from '../adapters/memory/rate-limits.js';
import { CredentialRefusal } from '../domain/security/refusal.js';
import { FOREIGN_STORAGE } from '../ports/storage-health.js';
import { createLogger } from '../telemetry/logger.js';
import { clientAddress } from './client-address.js';
import { createServer, type SluiceServer } from './server.js';

const QUERY = '{ datasets(first: 1) { totalCount } }';
const MUTATION = 'mutation { createConnection(input: {name: "c", sample: {a: 1}}) { name } }';

describe('a request whose key was found in the last second', () => {
  let bench: OpenLaneBench;
  let server: SluiceServer;
  let host: string;
  let steps: string[];
  let settle: { confirm: () => void; refuse: () => void };
  let confirmation: Promise<void>;
  beforeAll(async () => {
    bench = await openLaneBench();
    server = await served();
    host = `127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
  });
  afterAll(async () => {
    await server.close();
    await bench.close();
  });
  beforeEach(() => {
    steps = [];
    confirmation = new Promise((resolve, reject) => {
      const refuse = () => reject(new CredentialRefusal('REVOKED_API_KEY', 'the API key was revoked'));
      settle = { confirm: resolve, refuse };
    });
    confirmation.catch(() => undefined);
  });

  function served(): Promise<SluiceServer> {
    const { useCases } = bench;
    const noted = <A extends unknown[], R>(name: string, run: (...args: A) => R) => {
      return (...args: A) => {
        steps.push(name);
        return run(...args);
      };
    };
    return createServer({
      useCases: {
        ...useCases,
        authenticateAhead: () => ({ caller: CALLER, confirmation }),
        readerFor: noted('read', useCases.readerFor),
        createConnection: noted('create', useCases.createConnection) as typeof useCases.createConnection,
      },
      maxPayloadBytes: 100_000,
      memory: memoryBudget(1_000_000),
      answerMemory: memoryBudget(1_000_000),
      rates: memoryRateLimits(),
      servesApi: true,
      readiness: async () => ({ ready: true, problems: [], notices: [] }),
      liveness: () => null,
      addressOf: clientAddress([]),
      noteRefusals: () => undefined,
      closeGraceMs: 1_000,
      storage: FOREIGN_STORAGE,
      logger: createLogger('silent'),
    });
  }

  /** Sends a query; `steps` tells when it is answered. */
  async function ask(query: string): Promise<{ status: number; body: object }> {
    const headers = { 'content-type': 'application/json', 'x-api-key': 'k' };
    const response = await fetch(`http://${host}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    const body = (await response.json()) as object;
    steps.push('answered');
    return { status: response.status, body };
  }

  it('begins a query before the key is found again, and answers it after that', async () => {
    const answer = ask(QUERY);
    await until('its beginning', () => steps.length > 0);
    expect(steps).toEqual(['read']);
    steps.push('confirmed');
    settle.confirm();
    expect(await answer).toMatchObject({
      status: 200,
      body: { data: { datasets: { totalCount: expect.any(Number) } } },
    });
    expect(steps).toEqual(['read', 'confirmed', 'answered']);
  });

  it('begins a mutation only after the key is found again', async () => {
    const answer = ask(MUTATION);
    await until('its beginning', () => steps.length > 0);
    // Turns in which it could begin.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(steps).toEqual(['read']);
    settle.confirm();
    expect(await answer).toMatchObject({ status: 200, body: { data: { createConnection: { name: 'c' } } } });
    expect(steps).toEqual(['read', 'create', 'answered']);
  });

  it.each([
    ['a query', QUERY],
    ['a mutation', MUTATION],
    ['a query that is refused too', '{ nothing }'],
    ['no query', ''],
  ])('shows nothing and changes nothing when the key turns out to be revoked: %s', async (_what, query) => {
    const answer = ask(query);
    settle.refuse();
    const { status, body } = await answer;
    expect(status).toBe(401);
    expect(body).toEqual({ errors: [{ message: 'the API key was revoked', extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(steps).not.toContain('create');
  });
});
