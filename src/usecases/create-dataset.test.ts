import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type LaneBench, laneBench } from '../../test/support/lane.js';
import { testDatabase } from '../../test/support/mongod.js';
import { SluiceError } from '../domain/errors.js';

describe('createDataset', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let bench: LaneBench;
  beforeAll(async () => {
    database = await testDatabase();
    const away = async () => {
      throw new SluiceError('STORE_UNAVAILABLE', 'the record store is away');
    };
    bench = await laneBench({ ...database, records: { ...database.records, createGeneration: away } });
  });
  afterAll(() => database.close());

  const shown = async () => [
    await bench.catalog.countConnections(),
    await bench.catalog.countDatasets({}),
    await bench.catalog.countDatasets({ status: ['DRAFT'] }),
  ];

  it('creates nothing when its design cannot be applied immediately', async () => {
    await expect(bench.dataset({ a: 1 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await shown()).toEqual([0, 0, 0]);
  });

  it('keeps a connection that existed before', async () => {
    const { id: connectionId } = await bench.useCases.createConnection({ name: 'kept', sample: { a: 1 } }, CALLER);
    const request = { name: 'd', connectionId, apply: true };
    await expect(bench.useCases.createDataset(request, CALLER)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await shown()).toEqual([1, 0, 0]);
    const draft = await bench.useCases.createDataset({ ...request, apply: false }, CALLER);
    expect(draft.status).toBe('DRAFT');
    expect(await shown()).toEqual([1, 1, 1]);
  });
});
