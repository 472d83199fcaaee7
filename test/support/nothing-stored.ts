import { expect } from '@jest/globals';
import { ListJobsDocument, ReadRecordsDocument } from '../generated/graphql.js';
import type { Sluice } from './sluice.js';

/** Checks that the dataset has no job and no row, and that the service responds. */
export async function expectNothingStored({ query }: Pick<Sluice, 'query'>, id: string): Promise<void> {
  expect((await query(ListJobsDocument, { datasetId: id })).jobs.totalCount).toBe(0);
  expect((await query(ReadRecordsDocument, { id })).dataset?.records.totalCount).toBe(0);
}
