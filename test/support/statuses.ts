import type { JobStatus } from '../../src/domain/job/status.js';

/** The history of a job that loads. */
export const LOADED: readonly JobStatus[] = [
  'INITIALIZING',
  'QUERYING_DATASOURCES',
  'PUMPING_DATASOURCES',
  'FILLING_JOIN_LAKES',
  'JOINING',
  'FILLING_ES',
  'COMPLETE',
];

/** The history of a job whose data is refused. */
export const REFUSED: readonly JobStatus[] = [...LOADED.slice(0, 5), 'ERROR_EXIT'];
