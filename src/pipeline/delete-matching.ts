import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { Design } from '../domain/design/design.js';
import { SluiceError } from '../domain/errors.js';
import { type JobOutcome, type LaneJob, NO_COUNTS } from '../domain/job/job.js';
import { loadedWhole, refusedWhole } from '../domain/job/whole-job.js';
import { parseJson } from '../domain/json/parse-json.js';
import { parseFilter, type RecordFilterInput } from '../domain/query/parse-filter.js';
import type { RecordFilter } from '../domain/query/record-query.js';
import { versionOf } from '../domain/record-id.js';
import type { ResolvedRecord } from '../ports/push-log.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { Tombstone } from '../ports/row-writes.js';
import { type Applied, applied, type GroupRun, JOB_TERMINATED, refuseRejected } from './group-run.js';
import { tombstoneOf } from './rows-of-record.js';
import { repeatable, writeRecords } from './write-records.js';

const SCAN = { maxRows: 5_000, maxBytes: 8 * 1024 * 1024 };

/**
 * A DELETE by filter. Before the commit point, the filter is resolved to the records that match now, and their ids are stored in the push log. After the commit
 * point, exactly these records are deleted, in every attempt. Their number is not bounded by memory.
 */
export async function deleteMatching(run: GroupRun, job: LaneJob): Promise<Applied> {
  const { held, progress } = run;
  progress.enter('PUMPING_DATASOURCES');
  progress.enter('FILLING_JOIN_LAKES');
  if (!run.committed) {
    const compiled = await run.deps.designs.of(held.lease.datasetId, held.lease.appliedRevision);
    const filter = await filterOf(run, job, compiled.design);
    const resolved = filter instanceof SluiceError ? filter : await resolve(run, job, filter).catch(refusalOf);
    const isRefused = resolved instanceof SluiceError;
    if (!isRefused) progress.enter('JOINING');
    const outcome = isRefused ? refusedFor(job, resolved, compiled) : deletedAll(job, resolved);
    if ((await run.commit([outcome])) === 'JOB_TERMINATED') return JOB_TERMINATED;
    if (isRefused) return applied({});
  }
  progress.enter('FILLING_ES');
  const { generation } = held.lease;
  await deleteResolved(run, job, generation);
  await run.storeStep((store) => store.refresh(generation));
  return applied({ deletedRows: true });
}

/** Deletes the records that the filter of a delete was resolved to, with all their rows. */
export async function deleteResolved(run: GroupRun, job: LaneJob, generation: string): Promise<void> {
  const version = versionOf(job.position);
  for (let part = 0; ; part += 1) {
    const resolved = await run.deps.pushLog.readResolved(job.id, part);
    if (!resolved) return;
    const isWide = resolved.some(({ rowCount }) => rowCount > 1);
    const others = isWide ? repeatable(() => otherTombstones(resolved, version)) : null;
    const firsts = resolved.map(({ recordId }) => tombstoneOf(recordId, 0, version));
    if (firsts.length > 0) refuseRejected(await writeRecords(run, generation, { others, firsts }));
  }
}

function* otherTombstones(records: readonly ResolvedRecord[], version: number): Generator<Tombstone> {
  for (const { recordId, rowCount } of records)
    for (let ordinal = 1; ordinal < rowCount; ordinal += 1) yield tombstoneOf(recordId, ordinal, version);
}

function deletedAll(job: LaneJob, { records, rows }: Resolved): JobOutcome {
  return loadedWhole(job, { ...NO_COUNTS, read: records, deleted: records }, -rows);
}

interface Resolved {
  readonly records: number;
  readonly rows: number;
}

/** Counts the records that have a matching row, and stores their ids. */
async function resolve(run: GroupRun, job: LaneJob, filter: RecordFilter): Promise<Resolved> {
  const { deps, held } = run;
  const total = { records: 0, rows: 0 };
  let after = '';
  let lastRecord = '';
  for (let part = 0; ; part += 1) {
    const from = after;
    const found = await run.storeStep((store) => store.scan(held.lease.generation, filter, from, SCAN));
    const resolved: ResolvedRecord[] = [];
    for (const { recordId, rowCount } of found) {
      // Rows come in the order of their ids, so the rows of one record are adjacent.
      if (recordId === lastRecord) continue;
      lastRecord = recordId;
      resolved.push({ recordId, rowCount });
      total.rows += rowCount;
    }
    total.records += resolved.length;
    held.stillOwned();
    await deps.pushLog.keepResolved(held.lease, job.id, part, resolved);
    if (found.length === 0) return total;
    after = found.at(-1)?.id ?? after;
  }
}

/** The filter was valid when the delete was accepted. A design applied since then may have other columns; then this returns the error that refuses the job. */
async function filterOf(
  { deps }: GroupRun,
  job: LaneJob,
  design: Pick<Design, 'columns'>,
): Promise<RecordFilter | SluiceError> {
  const [logged] = await deps.pushLog.readPayloads([job]);
  try {
    return parseFilter(parseJson(logged?.payload ?? Buffer.from('{}')) as RecordFilterInput, design.columns);
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

/** The record store cannot run the filter, or cannot run it exactly. No row has changed yet, so only this job is refused. */
function refusalOf(error: unknown): SluiceError {
  if (!(error instanceof RecordStoreError) || !(error.code === 'REJECTED' || error.code === 'QUERY_REFUSED'))
    throw error;
  const message = `the record store cannot run where: ${error.message}; delete by another filter, or by identifiers`;
  return new SluiceError(
    'BAD_REQUEST',
    message,
    { expected: 'a filter that the record store can run' },
    { cause: error },
  );
}

function refusedFor(
  job: LaneJob,
  { message: whole, details }: SluiceError,
  { hasSensitive }: Pick<CompiledDesign, 'hasSensitive'>,
): JobOutcome {
  // The reason quotes the filter, and more callers see the errors of jobs than sensitive columns.
  const message = hasSensitive ? HIDDEN_REASON : whole;
  const shown = hasSensitive ? {} : details;
  const { expected = 'a filter that fits the design', actual = 'another one' } = shown;
  return refusedWhole(job, NO_COUNTS, { pointer: '', code: 'FILTER_DOES_NOT_FIT', message, expected, actual });
}

const HIDDEN_REASON =
  'where does not fit the applied design, or the record store cannot run it; why is not shown, because it could show values of sensitive columns. Query records with the same where to see it';
