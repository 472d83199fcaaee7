import { mongoPushLog } from '../../src/adapters/mongodb/push-log.js';
import { NO_COUNTS, NO_ERRORS, NO_FAULTS } from '../../src/domain/job/job.js';
import { NO_ANSWERS } from '../../src/domain/transform/answers.js';
import type { AnswerLog } from '../../src/ports/answer-log.js';
import type { JobLedger } from '../../src/ports/job-ledger.js';
import type { Group, Lanes, Lease } from '../../src/ports/lane.js';
import type { PushLog } from '../../src/ports/push-log.js';
import type { Quarantine } from '../../src/ports/quarantine.js';
import type { Terminations } from '../../src/ports/terminations.js';
import type { FilledDatabase } from '../support/filled-database.js';
import { type Calls, inTurn } from '../support/port-calls.js';

/** Calls of what jobs are kept in and worked on by, in the order in which a worker takes a lane, loads a group and gives the lane back. */
export function jobCalls(filled: () => FilledDatabase) {
  const bench = () => filled().bench;
  const id = () => filled().datasetId;
  let lease: Lease;
  let group: Group;

  const ledger: Calls<JobLedger> = {
    findJob: async () => {
      const { nodes } = await bench().ledger.listJobs({ datasetId: id(), first: 40 });
      for (const job of [nodes[0], nodes.at(-1)]) await bench().ledger.findJob(job?.id ?? '');
    },
    findFinal: async () => {
      const { nodes } = await bench().ledger.listJobs({ datasetId: id(), first: 40 });
      for (const job of [nodes[0], nodes.at(-1)]) await bench().ledger.findFinal(job ?? { id: '', datasetId: '' });
    },
    listJobs: async () => {
      for (const query of JOB_LISTS(id())) {
        const { nodes } = await bench().ledger.listJobs({ ...query, first: 5 });
        await bench().ledger.listJobs({ ...query, first: 5, after: nodes.at(-1)?.id ?? '' });
      }
      const { nodes } = await bench().ledger.listJobs({ datasetId: id(), first: 100 });
      await bench().ledger.listJobs({ datasetId: id(), first: 5, after: nodes.at(-1)?.id ?? '' });
    },
    countJobs: async () => {
      for (const query of JOB_LISTS(id())) await bench().ledger.countJobs(query);
      for (const which of [{}, { datasetId: id() }]) await bench().ledger.countJobs({ ...which, status: ['COMPLETE'] });
    },
    jobsAfter: async () => {
      const last = await bench().ledger.lastPosition(id());
      for (const position of [0, Math.floor(last / 2), last - 2, last])
        await bench().ledger.jobsAfter(id(), position, 5);
    },
    openJob: () =>
      inTurn(
        () => bench().ledger.openJob(id(), 'REBUILD'),
        () => bench().ledger.openJob(id(), 'RELOAD'),
      ),
    isLaneClosed: () => bench().ledger.isLaneClosed(id()),
    lastTrial: () => bench().ledger.lastTrial(id()),
    lastPosition: () => bench().ledger.lastPosition(id()),
    hasJobsAfter: () => bench().ledger.hasJobsAfter(id(), 1),
    firstOpenPosition: () => bench().ledger.firstOpenPosition(id()),
    heldUp: () => bench().ledger.heldUp(3),
    errorsOf: async () => {
      const [job] = (await bench().ledger.listJobs({ datasetId: id(), status: ['ERROR_EXIT'], first: 1 })).nodes;
      await bench().ledger.errorsOf(job?.id ?? '');
    },
    errorSummaryOf: async () => {
      const [job] = (await bench().ledger.listJobs({ datasetId: id(), status: ['ERROR_EXIT'], first: 1 })).nodes;
      await bench().ledger.errorSummaryOf(job?.id ?? '');
    },
  };

  const lanes: Calls<Lanes> = {
    orphans: () => bench().lanes.orphans(),
    acquire: async () => {
      const taken = await bench().lanes.acquire(id(), 'test', 600_000);
      if (!taken) throw new Error('the lane cannot be taken');
      lease = taken;
    },
    renew: () => bench().lanes.renew(lease, 600_000),
    nextGroup: async () => {
      const taken = await bench().lanes.nextGroup(
        lease,
        { maxJobs: 2, maxRecords: 100_000, maxBytes: 1_000, splitAfter: 10, setApart: { after: 10, restMs: 1_000 } },
        new Date(),
      );
      if (!taken) throw new Error('there is no group');
      group = taken.group;
    },
    storeGroup: async () => {
      const later = { ...group, id: `${id()}:later`, first: group.last + 1, last: group.last + 1 };
      await bench().lanes.storeGroup(lease, later);
    },
    jobsOf: () => bench().lanes.jobsOf(group),
    jobsAfter: async () => {
      const bounds = {
        maxJobs: 2,
        maxRecords: 100_000,
        maxBytes: 1_000,
        splitAfter: 10,
        setApart: { after: 10, restMs: 0 },
      };
      await bench().lanes.jobsAfter(group, bounds);
    },
    recordWaiting: () => bench().lanes.recordWaiting(lease, group, null),
    recordProgress: () => bench().lanes.recordProgress(lease, group, 0.5),
    recordAlone: () => bench().lanes.recordAlone(lease, group),
    giveBack: () => bench().lanes.giveBack(lease, group),
    recordTransitions: () => bench().lanes.recordTransitions(lease, group),
    commit: async () => {
      const [loaded, refused] = await bench().lanes.jobsOf(group);
      const outcome = {
        counts: { ...NO_COUNTS, deleted: 1 },
        netRows: 0,
        skipped: null,
        faults: NO_FAULTS,
        errors: NO_ERRORS,
      };
      const committed = await bench().lanes.commit(
        lease,
        group,
        [
          { kind: 'LOADED', jobId: loaded?.id ?? '', position: loaded?.position ?? 0, ...outcome },
          { kind: 'REFUSED', jobId: refused?.id ?? '', position: refused?.position ?? 0, ...outcome },
        ],
        new Date(),
      );
      if (committed.kind !== 'COMMITTED') throw new Error('the group cannot be committed');
      group = committed.group;
    },
    complete: async () => {
      lease = await bench().lanes.complete(lease, group, { deletedRows: true, released: ['none'] }, new Date());
    },
    replaceGeneration: async () => {
      lease = await bench().lanes.replaceGeneration(lease, filled().generation, false);
    },
    release: () => bench().lanes.release(lease),
    freeAll: () => bench().lanes.freeAll(),
  };

  const pushLog: Calls<PushLog> = {
    append: () => bench().push(id(), [{ k: 'appended', n: 1 }]),
    findByKey: () => bench().pushLog.findByKey(id(), { keyId: 'k', key: 'none', fingerprint: '' }),
    releaseFailed: () => bench().pushLog.releaseFailed('none'),
    // As a process reads them that has not accepted them.
    readPayloads: async () => mongoPushLog(bench().collections).readPayloads(await bench().lanes.jobsOf(group)),
    readLoaded: () => all(bench().pushLog.readLoaded(id(), [4, 60, 61])),
    history: async () => all(bench().pushLog.history(id(), lease.finalThrough)),
    keepResolved: () => bench().pushLog.keepResolved(lease, 'none', 0, []),
    readResolved: () => bench().pushLog.readResolved('none', 0),
  };

  const answerLog: Calls<AnswerLog> = {
    keep: () => bench().answerLog.keep(lease, [part(0, false), part(1, true)]),
    read: () => bench().answerLog.read(['answered', 'none']),
    readPart: () => bench().answerLog.readPart('answered', 1),
  };

  const quarantine: Pick<Calls<Quarantine>, Exclude<keyof Calls<Quarantine>, 'maxRecordBytes'>> = {
    countBefore: () => bench().quarantine.countBefore(id(), 100),
    countKept: () => bench().quarantine.countKept(id(), [5, 6, 7]),
    list: async () => {
      const page = { first: 5, maxBytes: 1_000_000 };
      const whole = (await bench().quarantine.list(id(), { ...page, first: 1_000 })).nodes;
      for (const after of [whole[4], whole.at(-7), whole.at(-1)])
        await bench().quarantine.list(id(), { ...page, after });
      const ids = whole.slice(10, 13).map((one) => one.id);
      await bench().quarantine.list(id(), { ...page, ids });
      await bench().quarantine.list(id(), { ...page, ids, after: whole[11] });
    },
    count: () => bench().quarantine.count(id()),
    existingIds: async () => {
      const { nodes } = await bench().quarantine.list(id(), { first: 3, maxBytes: 1_000_000 });
      await bench().quarantine.existingIds(id(), [...nodes.map((one) => one.id), 'none']);
    },
    keep: async () => {
      const { nodes } = await bench().quarantine.list(id(), { first: 3, maxBytes: 1_000_000 });
      await bench().quarantine.keep(lease, nodes);
    },
    discard: async () => {
      const { nodes } = await bench().quarantine.list(id(), { first: 3, maxBytes: 1_000_000 });
      await bench().quarantine.discard(
        id(),
        nodes.map((one) => one.id),
      );
      await bench().quarantine.discard(id(), undefined);
    },
  };

  const terminations: Calls<Terminations> = {
    terminate: async () => bench().terminations.terminate(await bench().push(id(), [{ k: 'a', n: 1 }]), new Date()),
    endJobsOfDeleted: async () => {
      const deleted = await bench().dataset({ n: 1 });
      await bench().push(deleted, [{ n: 1 }]);
      const datasets = bench().database.db.collection<{ _id: string }>('datasets');
      await datasets.updateOne({ _id: deleted }, { $set: { deletedAt: new Date(0) } });
      await bench().terminations.endJobsOfDeleted(new Date());
    },
  };

  return { ledger, lanes, pushLog, answerLog, quarantine, terminations };
}

const part = (number: number, isLast: boolean) => ({
  ...{ jobId: 'answered', part: number, isLast, through: '' },
  answers: NO_ANSWERS,
});

const JOB_LISTS = (datasetId: string) => [
  {},
  { datasetId },
  ...[{}, { datasetId }].flatMap((of) => [
    { ...of, kind: ['PUSH'] as const },
    { ...of, kind: ['RELOAD', 'DELETE_ALL'] as const },
    { ...of, kind: ['REPLAY'] as const },
    { ...of, status: ['ERROR_EXIT', 'TERMINATED_EXIT'] as const },
    { ...of, status: ['INITIALIZING', 'QUERYING_DATASOURCES'] as const },
    { ...of, status: ['JOINING'] as const },
    { ...of, status: ['FILLING_ES'] as const },
  ]),
];

async function all(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
