import { ErrorReport } from './error-report.js';
import {
  type JobCounts,
  type JobOutcome,
  type LaneJob,
  type Mismatch,
  NO_COUNTS,
  NO_ERRORS,
  NO_FAULTS,
} from './job.js';
import { RecordMismatches } from './record-mismatches.js';

type JobPlace = Pick<LaneJob, 'id' | 'position'>;

/** The outcome of a job that is applied in full. `counts` default to zeros. `netRows`: by how many rows the dataset grows. */
export function loadedWhole({ id: jobId, position }: JobPlace, counts: JobCounts = NO_COUNTS, netRows = 0): JobOutcome {
  const whole = { skipped: null, faults: NO_FAULTS, errors: NO_ERRORS };
  return { kind: 'LOADED', jobId, position, counts, netRows, ...whole };
}

/** The outcome of a job that is refused for a reason that concerns the whole job, not a single record. */
export function refusedWhole({ id: jobId, position }: JobPlace, counts: JobCounts, fault: Mismatch): JobOutcome {
  const report = new ErrorReport();
  report.add(null, RecordMismatches.of(fault));
  const faults = { ...NO_FAULTS, errorCount: report.errorCount };
  return { kind: 'REFUSED', jobId, position, counts, netRows: 0, skipped: null, faults, errors: report.toErrors() };
}
