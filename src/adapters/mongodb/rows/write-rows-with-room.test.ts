import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hidden, row, tombstone } from '../../../../test/contract/record-store.rows.js';
import { CALLER, type LaneBench, laneBench } from '../../../../test/support/lane.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/mongod.js';
import { until } from '../../../../test/support/until.js';
import type { RowWrite } from '../../../ports/row-writes.js';
import { writeRowsWithRoom } from './write-rows-with-room.js';

describe('rows while the disk is full', () => {
  let database: TestDatabase;
  let bench: LaneBench;
  let shortage: string | null;
  beforeEach(async () => {
    shortage = null;
    database = await testDatabase();
    const records = writeRowsWithRoom(database.records, { shortage: () => shortage });
    bench = await laneBench({ ...database, records });
  });
  afterEach(() => database.close());

  it('wait, say why, and are written once there is room', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }, { n: 2 }]);
    shortage = 'the disk of /data is full';
    // A small group takes the long way then: see `SmallGroups.hasRoom`.
    const loading = bench.load(id, undefined, { smallGroups: null });
    await until('the reason', async () => (await bench.ledger.findJob(job))?.waitingFor?.includes('disk'));
    shortage = null;
    await loading;
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1 });
    expect((await bench.contents(id)).rows).toBe(2);
  });

  it.each<[string, RowWrite, boolean]>([
    ['a row', row('a', {}), false],
    ['a hidden record', hidden('a', 1, '{}'), false],
    ['a tombstone', tombstone('a', 1), true],
  ])('%s among tombstones', async (_name, write, isAccepted) => {
    const records = writeRowsWithRoom(database.records, { shortage: () => 'the disk of /data is full' });
    await records.createGeneration('rows_x_1', []);
    const writing = records.writeRows('rows_x_1', [tombstone('b', 1), write], () => undefined);
    const code = await writing.then(
      () => null,
      (error) => error.code,
    );
    expect(code).toBe(isAccepted ? null : 'UNAVAILABLE');
  });

  it('are still deleted', async () => {
    const id = await bench.dataset({ n: 1 });
    await bench.push(id, [{ n: 1 }, { n: 2 }]);
    await bench.load(id);
    shortage = 'the disk of /data is full';
    const { id: job } = await bench.useCases.deleteData.all({ datasetId: id }, CALLER);
    await bench.load(id);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE' });
    expect((await bench.contents(id)).rows).toBe(0);
  });
});
