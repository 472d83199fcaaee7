import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { memoryBudget } from '../../src/adapters/memory/memory-budget.js';
import { memoryRateLimits } from '../../src/adapters/memory/rate-limits.js';
import { clientAddress } from '../../src/edge/client-address.js';
import { createServer } from '../../src/edge/server.js';
import { FOREIGN_STORAGE } from '../../src/ports/storage-health.js';
import { createLogger } from '../../src/telemetry/logger.js';
import type { UseCases } from '../../src/usecases/use-cases.js';
import { CALLERS, type CallerName, Callers } from '../support/callers.js';
import { NOBODY, OPERATIONS, ROUTES } from '../support/operations.js';
import { type Sluice, startSluice } from '../support/sluice.js';

/** U: UNAUTHENTICATED. F: FORBIDDEN. +: whatever the operation gives to callers who may do it. */
type Outcome = 'U' | 'F' | '+';

describe('who may do what', () => {
  let sluice: Sluice;
  let callers: Callers;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_JWT_SECRET: 'a secret of viewer tokens, long enough' });
    callers = await Callers.create(sluice);
  });
  afterAll(() => sluice.close());

  it.each(Object.entries(OPERATIONS))('at %s', async (name, { allowed, send }) => {
    for (const caller of CALLERS) {
      const { code } = await send(callers, caller);
      const outcome = expectedOf(caller, allowed);
      expect([name, caller, outcomeOf(code)]).toEqual([name, caller, outcome]);
    }
  });

  it('is said for every operation of the schema', () => {
    const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
    const fieldsOf = (type: string) => Object.keys((schema.getType(type) as GraphQLObjectType).getFields());
    const roots = ['Query', 'Mutation', 'Subscription'].flatMap(fieldsOf);
    const below = ['Dataset', 'Connection'].flatMap((type) => fieldsOf(type).map((field) => `${type}.${field}`));
    const named = Object.keys(OPERATIONS).filter((name) => !name.includes(' ') && !name.includes(':'));
    expect(named.sort()).toEqual([...roots, ...below].sort());
  });

  it('is said for every route', async () => {
    const nothing = {
      useCases: {} as UseCases,
      addressOf: clientAddress([]),
      noteRefusals: () => undefined,
      maxPayloadBytes: 1,
      memory: memoryBudget(1),
      answerMemory: memoryBudget(1),
      rates: memoryRateLimits(),
    };
    const health = { liveness: () => null, readiness: async () => ({ ready: true, problems: [], notices: [] }) };
    const rest = { servesApi: true, closeGraceMs: 0, storage: FOREIGN_STORAGE, logger: createLogger('silent') };
    const server = await createServer({ ...nothing, ...health, ...rest });
    const named = [...Object.keys(OPERATIONS).filter((name) => name.includes(' /')), ...ROUTES];
    expect([...server.routes].filter((route) => !route.startsWith('HEAD '))).toEqual(named.sort());
    await server.close();
  });
});

function expectedOf(caller: CallerName, allowed: readonly CallerName[]): Outcome {
  if (allowed.includes(caller)) return '+';
  return NOBODY.includes(caller) ? 'U' : 'F';
}

function outcomeOf(code: unknown): Outcome {
  if (code === 'UNAUTHENTICATED') return 'U';
  return code === 'FORBIDDEN' ? 'F' : '+';
}
