import { type Lease, LeaseLostError } from '../../ports/lane.js';

export function leaseLost({ datasetId, runToken }: Pick<Lease, 'datasetId' | 'runToken'>): LeaseLostError {
  return new LeaseLostError(`run ${runToken} of the lane of dataset ${datasetId} is over: another worker has the lane`);
}
