import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataset } from '../../src/usecases/create-dataset.js';
import { updateConnection } from '../../src/usecases/update-connection.js';
import {
  CreateConnectionDocument,
  CreateDatasetDocument,
  DiscardChangesDocument,
  ReadDatasetDocument,
  UpdateConnectionDocument,
} from '../generated/graphql.js';
import { CALLER, type LaneBench, laneBench } from '../support/lane.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const OLD = { n: 1 };
const NEW = { n: 1, fresh: 'x' };

describe('a new sample', () => {
  let sluice: Sluice;
  let bench: LaneBench;
  beforeAll(async () => {
    sluice = await startSluice();
    bench = await laneBench(sluice.database);
  });
  afterAll(() => sluice.close());

  async function connection(): Promise<string> {
    const input = { name: 'c', sample: OLD };
    return (await sluice.query(CreateConnectionDocument, { input })).createConnection.id;
  }
  async function dataset(connectionId: string): Promise<string> {
    const input = { name: 'd', connectionId, apply: true };
    return (await sluice.query(CreateDatasetDocument, { input })).createDataset.id;
  }
  const send = (id: string) => sluice.query(UpdateConnectionDocument, { id, input: { sample: NEW } });
  const columns = async (id: string) =>
    (await sluice.query(ReadDatasetDocument, { id })).dataset?.design.columns.map((column) => column.id);

  it('returns to a draft whose changes were discarded when it is sent again', async () => {
    const from = await connection();
    const datasetId = await dataset(from);
    await send(from);
    expect(await columns(datasetId)).toEqual(['n', 'fresh']);
    await sluice.query(DiscardChangesDocument, { datasetId });
    expect(await columns(datasetId)).toEqual(['n']);
    await send(from);
    expect(await columns(datasetId)).toEqual(['n', 'fresh']);
  });

  it('reaches the drafts when it is sent again after a crash', async () => {
    const from = await connection();
    const datasetId = await dataset(from);
    const catalog = { ...bench.catalog, listDatasets: () => Promise.reject(new Error('killed')) };
    const crashing = updateConnection({ ...bench, catalog });
    await expect(crashing(from, { sample: NEW })).rejects.toThrow('killed');
    await send(from);
    expect(await columns(datasetId)).toEqual(['n', 'fresh']);
  });

  it('reaches a dataset that is created at the same moment', async () => {
    const from = await connection();
    const insertDataset: typeof bench.catalog.insertDataset = async (...args) => {
      await send(from);
      return bench.catalog.insertDataset(...args);
    };
    const create = createDataset(
      { ...bench, catalog: { ...bench.catalog, insertDataset } },
      bench.useCases.applyChanges,
    );
    const { id } = await create({ name: 'd', connectionId: from, apply: true }, CALLER);
    expect(await columns(id)).toEqual(['n', 'fresh']);
  });
});
