import type { SampledConnection } from '../domain/connection.js';
import { type Dataset, newDataset } from '../domain/dataset.js';
import { DEFAULT_RULES, type Design, type DesignRules } from '../domain/design/design.js';
import { mergeFields, NO_COLUMNS } from '../domain/design/design-from-fields.js';
import { SluiceError } from '../domain/errors.js';
import type { JsonValue } from '../domain/json/json-value.js';
import type { SampleInput } from '../domain/sample/read-sample.js';
import type { Caller } from '../domain/security/caller.js';
import { othersFirst } from '../event-loop/turns.js';
import type { applyChanges } from './apply-changes.js';
import { checkedName, notFound } from './checks.js';
import { newConnection } from './create-connection.js';
import type { Deps } from './deps.js';
import { followSample } from './follow-sample.js';

export interface CreateDatasetRequest {
  readonly name: string;
  /** Exactly one of these two: the id of a connection, or a sample to create one from, with the name of the dataset. */
  readonly connectionId?: string;
  readonly sample?: SampleInput;
  /** Whether to apply the design immediately, so that the dataset accepts pushes. */
  readonly apply: boolean;
  readonly rules?: Partial<DesignRules>;
  /** Any value is refused: like the original, Sluice does not support joins and unions of push connections. */
  readonly joins?: JsonValue;
  readonly unions?: JsonValue;
}

type CreateDatasetDeps = Pick<Deps, 'catalog' | 'clock' | 'newId' | 'reportError'>;

/**
 * Creates a dataset whose design has a column for every source field of its connection's sample. Throws BAD_REQUEST, INVALID_SAMPLE, NOT_FOUND for the connection,
 * JOINS_NOT_SUPPORTED, and INVALID_DESIGN if the design is to be applied immediately and cannot be. If it throws, nothing has been created.
 */
export function createDataset(deps: CreateDatasetDeps, apply: ReturnType<typeof applyChanges>) {
  return async (request: CreateDatasetRequest, caller: Caller): Promise<Dataset> => {
    refuseJoins(request);
    const name = checkedName(request.name, 'input.name');
    const connection = await connectionFor(deps, request, name);
    await othersFirst();
    const { newId, clock } = deps;
    const dataset = newDataset({ id: newId(), name, connectionId: connection.id, createdAt: clock.now() });
    const isNew = request.sample !== undefined;
    try {
      if (isNew) await deps.catalog.insertConnection(connection);
      await insert(deps, dataset, { ...firstDesign(dataset, connection), ...request.rules });
      await othersFirst();
      if (request.apply) return (await apply(dataset.id, caller)).dataset;
      return (await deps.catalog.findDataset(dataset.id)) ?? dataset;
    } catch (error) {
      await takeBack(deps, dataset, isNew);
      throw error;
    }
  };
}

async function insert({ catalog }: CreateDatasetDeps, dataset: Dataset, design: Design): Promise<void> {
  const { id, connectionId } = dataset;
  if (!(await catalog.insertDataset(dataset, design))) throw notFound('connection', connectionId);
  // A new sample may have been saved since the connection was read, before this dataset existed.
  const now = await catalog.findSampledConnection(connectionId);
  if (now) await followSample(catalog, id, now);
}

/** Removes what was created. An error here is only reported: it must not hide the error that led to it. */
async function takeBack(
  { catalog, clock, reportError }: CreateDatasetDeps,
  { id, connectionId }: Dataset,
  isNew: boolean,
): Promise<void> {
  try {
    await catalog.deleteDataset(id, clock.now());
    if (isNew) await catalog.deleteConnection(connectionId);
  } catch (error) {
    reportError(error, `taking back dataset ${id}, which could not be created`);
  }
}

function firstDesign({ id: datasetId }: Dataset, { id, sampleVersion, fields }: SampledConnection): Design {
  const pinned = { connectionId: id, sampleVersion };
  return { datasetId, revision: 1, ...pinned, ...mergeFields(NO_COLUMNS, fields), ...DEFAULT_RULES };
}

function refuseJoins({ joins, unions }: CreateDatasetRequest): void {
  for (const [field, value] of Object.entries({ joins, unions })) {
    if (value === undefined || value === null) continue;
    const message = `input.${field} is not supported: a dataset on a push connection has one source. Push to one dataset, or combine the data before you push it`;
    throw new SluiceError('JOINS_NOT_SUPPORTED', message, { field: `input.${field}` });
  }
}

async function connectionFor(
  deps: CreateDatasetDeps,
  { connectionId, sample }: CreateDatasetRequest,
  name: string,
): Promise<SampledConnection> {
  if ((connectionId === undefined) === (sample === undefined)) {
    const message = 'give either input.connectionId, to build on a connection, or input.sample, to create one';
    throw new SluiceError('BAD_REQUEST', message, { field: 'input' });
  }
  if (sample !== undefined) return newConnection(deps, { name, sample });
  const connection = await deps.catalog.findSampledConnection(connectionId ?? '');
  if (!connection) throw notFound('connection', connectionId ?? '');
  return connection;
}
