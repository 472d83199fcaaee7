import { Binary } from 'mongodb';
import { IndexSet } from '../../domain/job/index-set.js';
import {
  countsOfRefused,
  type Job,
  type JobCounts,
  type JobFaults,
  NO_COUNTS,
  NO_FAULTS,
  type StatusChange,
} from '../../domain/job/job.js';
import type { LoadedJob } from '../../ports/lane.js';
import type { GroupDocument, JobDocument, LoadedDocument } from './documents.js';
import { endOf, isOpen } from './job-end.js';

/** A loaded job, as recorded in its group. */
export function toLoadedDocument({ position, counts, netRows, skipped, faults }: LoadedJob): LoadedDocument {
  const { read, added, updated, unchanged, deleted, failed, rows, unplaced } = counts;
  const c = [read, added, updated, unchanged, deleted, failed, rows, netRows, ...(unplaced > 0 ? [unplaced] : [])];
  const x = skipped && new Binary(skipped.bits);
  return { p: position, c, ...(x && { x }), ...(faults.mismatchedRecords > 0 && { f: faults }) };
}

export function toLoadedJob(document: LoadedDocument): LoadedJob {
  const { p: position, c, x, f: faults = NO_FAULTS } = document;
  const skipped = x ? IndexSet.fromBits(x.value()) : null;
  return { position, counts: countsOf(document), netRows: c[7] ?? 0, skipped, faults };
}

function countsOf({ c }: LoadedDocument): JobCounts {
  const [read = 0, added = 0, updated = 0, unchanged = 0, deleted = 0, failed = 0, rows = 0, _netRows, unplaced = 0] =
    c;
  return { read, added, updated, unchanged, deleted, failed, rows, unplaced };
}

/** Computes a job as users see it from its document, its group, and what that group, or an earlier one, waits for. */
export function toJob(document: JobDocument, groupThere?: GroupDocument, waiting?: WaitedFor | null): Job {
  const { _id: id, datasetId, position, kind, method, acceptedAt, requestedBy, terminated } = document;
  const group = terminated && !terminated.after ? undefined : groupThere;
  const history = historyOf(document, group);
  return {
    id,
    datasetId,
    position,
    finalBefore: { acceptance: document.finalBefore, start: group ? finalBeforeOf(group) : document.finalBefore },
    kind,
    method,
    status: history.at(-1)?.status ?? 'INITIALIZING',
    counts: finalCounts(document, group),
    history,
    faults: finalFaults(document, group),
    progress: group?.progress ?? 0,
    createdAt: acceptedAt,
    startedAt: history[1]?.at ?? null,
    finishedAt: document.finishedAt ?? null,
    requestedBy,
    waitingFor: isOpen(document) && waiting ? toWaitingFor(waiting) : null,
    attempts: group?.attempts ?? 0,
  };
}

/** The position through which the lane was final when the group was first taken up. */
export function finalBeforeOf({ finalBefore, first }: Pick<GroupDocument, 'finalBefore' | 'first'>): number {
  return finalBefore ?? first - 1;
}

interface WaitedFor {
  readonly reason: string;
  /** Null if unknown. */
  readonly since: Date | null;
}

function toWaitingFor({ reason, since }: WaitedFor): string {
  return since === null ? reason : `${reason} (since ${since.toISOString()})`;
}

/** Terminated jobs, and jobs refused at the commit point, left their group before its end; the later statuses of the group are not part of their history. */
function historyOf(document: JobDocument, group: GroupDocument | undefined): StatusChange[] {
  const { acceptedAt, terminated, refused } = document;
  const end = endOf(document);
  const changes: StatusChange[] = [{ status: 'INITIALIZING', at: acceptedAt }];
  for (const transition of group?.transitions ?? []) {
    if (refused && !refused.afterCommit && transition.status === 'FILLING_ES') break;
    changes.push(transition);
    if (transition.status === terminated?.after) break;
  }
  if (end) changes.push(end);
  return neverGoingBack(changes);
}

/** The clocks of processes differ a little, but a history never shows time going back. */
function neverGoingBack(changes: readonly StatusChange[]): StatusChange[] {
  let latest = 0;
  return changes.map(({ status, at }) => {
    latest = Math.max(latest, at.getTime());
    return { status, at: new Date(latest) };
  });
}

function finalCounts(document: JobDocument, group: GroupDocument | undefined): JobCounts {
  if (document.refused) return document.refused.counts;
  if (document.terminated) return countsOfRefused(document.terminated.records);
  const loaded = loadedIn(document, group);
  return loaded ? countsOf(loaded) : NO_COUNTS;
}

function finalFaults(document: JobDocument, group: GroupDocument | undefined): JobFaults {
  return document.refused?.faults ?? loadedIn(document, group)?.f ?? NO_FAULTS;
}

function loadedIn(document: JobDocument, group: GroupDocument | undefined): LoadedDocument | undefined {
  const { position } = document;
  return endOf(document)?.status === 'COMPLETE' ? group?.loaded?.find(({ p }) => p === position) : undefined;
}
