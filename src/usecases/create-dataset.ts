import type { Connection } from '../domain/connection.js';
import type { Dataset } from '../domain/dataset.js';
import type { MismatchPolicy } from '../domain/design/design.js';
import { columnsFromFields } from '../domain/design/design-from-fields.js';
import { SluiceError } from '../domain/errors.js';
import type { SampleInput } from '../domain/sample/read-sample.js';
import { applyChanges } from './apply-changes.js';
import { checkedName, notFound } from './checks.js';
import { createConnection } from './create-connection.js';
import type { Deps } from './deps.js';

export interface CreateDatasetRequest {
  readonly name: string;
  /** Exactly one of these two: a connection that exists, or a sample to make one from, named like the dataset. */
  readonly connectionId?: string;
  readonly sample?: SampleInput;
  /** Apply the design at once, so that the dataset can be pushed to. */
  readonly apply: boolean;
  readonly mismatchPolicy?: MismatchPolicy;
}

type CreateDatasetDeps = Pick<Deps, 'catalog' | 'records' | 'clock' | 'newId'>;

/** Builds a dataset whose design has a column for every source field of its connection's sample. */
export function createDataset(deps: CreateDatasetDeps) {
  return async (request: CreateDatasetRequest): Promise<Dataset> => {
    const name = checkedName(request.name, 'input.name');
    const connection = await connectionFor(deps, request, name);
    const { catalog, clock, newId } = deps;
    const dataset: Dataset = {
      id: newId(),
      name,
      connectionId: connection.id,
      status: 'DRAFT',
      draftRevision: 1,
      appliedRevision: null,
      generation: null,
      recordCount: 0,
      rowCount: 0,
      settled: { position: 0, bytes: 0 },
      createdAt: clock.now(),
    };
    const inserted = await catalog.insertDataset(dataset, {
      datasetId: dataset.id,
      revision: 1,
      connectionId: connection.id,
      sampleVersion: connection.sampleVersion,
      columns: columnsFromFields(connection.fields),
      mismatchPolicy: request.mismatchPolicy ?? 'FAIL',
    });
    if (!inserted) throw notFound('connection', connection.id);
    return request.apply ? applyChanges(deps)(dataset.id) : dataset;
  };
}

async function connectionFor(
  deps: CreateDatasetDeps,
  { connectionId, sample }: CreateDatasetRequest,
  name: string,
): Promise<Connection> {
  if ((connectionId === undefined) === (sample === undefined)) {
    const message = 'give either input.connectionId, to build on a connection, or input.sample, to make one';
    throw new SluiceError('BAD_REQUEST', message, { field: 'input' });
  }
  if (sample !== undefined) return createConnection(deps)({ name, sample });
  const connection = await deps.catalog.findConnection(connectionId ?? '');
  if (!connection) throw notFound('connection', connectionId ?? '');
  return connection;
}
