import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { AUDIT_ACTIONS, type AuditEntry, timeOfId } from '../../src/domain/security/audit.js';
import { REFUSAL_REASONS } from '../../src/domain/security/refusal.js';
import type { AuditFilter, AuditLog } from '../../src/ports/audit-log.js';
import type { RefusalCount, RefusalFilter, RefusalLog } from '../../src/ports/refusal-log.js';
import { type OpenLaneBench, openLaneBench } from '../support/lane.js';
import { type Calls, inTurn, namedCalls } from '../support/port-calls.js';
import { operationsOf } from '../support/query-plans.js';

const ENTRIES = 3_000;
const FIRST = 20;
const MINUTE_MS = 60_000;
/** Four days ago: MongoDB deletes what is older than a month, while the test runs. */
const START = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 4 * 86_400_000;

function entry(n: number): AuditEntry {
  const id = uuidV7({ msecs: START + n * MINUTE_MS });
  const action = AUDIT_ACTIONS[n % AUDIT_ACTIONS.length] ?? 'CREATE_DATASET';
  const caller = { id: `k${n % 7}`, kind: 'API_KEY', name: 'k' } as const;
  const subject = { kind: 'DATASET', id: `d${n % 11}`, name: 'd' } as const;
  const at = timeOfId(id);
  return { id, at, action, outcome: 'DONE', subject, datasetId: subject.id, caller, address: '10.0.0.1' };
}

function refusal(n: number): RefusalCount {
  const reason = REFUSAL_REASONS[n % REFUSAL_REASONS.length] ?? 'FORBIDDEN';
  const caller = { id: `k${n % 7}`, kind: 'API_KEY', name: 'k' } as const;
  return { minute: new Date(START + n * MINUTE_MS), reason, caller, address: `10.0.0.${n % 11}`, count: 1 };
}

/** A log of thousands of entries: a page reads about as much as it has. */
describe('the queries of the audit log', () => {
  let bench: OpenLaneBench;
  let after: string;
  beforeAll(async () => {
    bench = await openLaneBench();
    const entries = Array.from({ length: ENTRIES }, (_, n) => entry(n));
    await bench.collections.audit.insertMany(entries.map(({ id, ...rest }) => ({ _id: id, ...rest })));
    await bench.refusals.add(Array.from({ length: ENTRIES }, (_, n) => refusal(n)));
    await bench.collections.announcements.insertMany(
      [ENTRIES, ENTRIES + 1].map(entry).map(({ id, ...rest }) => ({ _id: id, ...rest })),
    );
    after = entries[ENTRIES / 2]?.id ?? '';
  });
  afterAll(() => bench.close());

  const [from, to] = [new Date(START + 1_000 * MINUTE_MS), new Date(START + 1_100 * MINUTE_MS)];
  const auditFilters: AuditFilter[] = [
    {},
    { actions: ['CREATE_DATASET'] },
    { actions: ['CREATE_DATASET', 'DELETE_DATASET', 'UPDATE_DESIGN'] },
    { callerId: 'k3' },
    { datasetId: 'd5' },
    { from, to },
    { callerId: 'k3', from, to },
  ];
  const refusalFilters: RefusalFilter[] = [
    {},
    { reasons: ['FORBIDDEN', 'RATE_LIMITED'] },
    { callerId: 'k3' },
    { address: '10.0.0.5' },
    { from, to },
  ];
  const auditLog: Calls<AuditLog> = {
    announce: () => bench.auditLog.announce(entry(ENTRIES + 2)),
    append: () => bench.auditLog.append(entry(ENTRIES + 3)),
    retract: () => bench.auditLog.retract(uuidV7()),
    settle: () => bench.auditLog.settle(new Date(START + (ENTRIES + 1) * MINUTE_MS)),
    list: () =>
      inTurn(
        ...auditFilters.map((filter) => () => bench.auditLog.list({ ...filter, first: FIRST })),
        ...auditFilters.map((filter) => () => bench.auditLog.list({ ...filter, first: FIRST, after })),
      ),
    count: () => inTurn(...auditFilters.map((filter) => () => bench.auditLog.count(filter))),
  };
  const refusals: Calls<RefusalLog> = {
    add: () => bench.refusals.add([refusal(1), refusal(ENTRIES + 1)]),
    list: () => inTurn(...refusalFilters.map((filter) => () => bench.refusals.list({ ...filter, first: FIRST }))),
    count: () => inTurn(...refusalFilters.map((filter) => () => bench.refusals.count(filter))),
  };

  it.each(namedCalls({ auditLog, refusals }))('use indexes and sort nothing: %s', async (_, call) => {
    const operations = await operationsOf(bench.database.db, call);
    const slow = operations.filter(
      ({ plan, keysExamined, documentsExamined, returned }) =>
        plan.includes('COLLSCAN') || Math.max(keysExamined, documentsExamined) > 2 * returned + 10,
    );
    expect(slow.map((one) => JSON.stringify(one))).toEqual([]);
  });

  it('give the right pages', async () => {
    const all = await bench.auditLog.list({ first: ENTRIES });
    expect(all.nodes.slice(0, 2).map(({ at }) => at.getTime())).toEqual(
      [ENTRIES + 3, ENTRIES].map((n) => START + n * MINUTE_MS),
    );
    const within = await bench.auditLog.list({ from, to, first: ENTRIES });
    expect(within.nodes.map(({ at }) => at.getTime())).toEqual(
      Array.from({ length: 100 }, (_, n) => to.getTime() - (n + 1) * MINUTE_MS),
    );
    const [stored] = (await bench.refusals.list({ from: refusal(1).minute, to: refusal(2).minute, first: 5 })).nodes;
    expect(stored).toMatchObject({ ...refusal(1), count: 2 });
  });
});
