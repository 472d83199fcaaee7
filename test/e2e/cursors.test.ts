import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DeleteAllDataDocument, DeleteDataDocument, ReadRecordsDocument } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

let sluice: Sluice;
beforeAll(async () => {
  sluice = await startSluice();
});
afterAll(() => sluice.close());

const page = (id: string, after?: string | null) => sluice.execute(ReadRecordsDocument, { id, first: 2, after });

/** A dataset of three records, and a cursor after the second. */
async function begun() {
  const id = await sluice.dataset({ n: '1' });
  await sluice.push(
    id,
    ['1', '2', '3'].map((n) => ({ n })),
  );
  const after = (await page(id)).data?.dataset?.records.pageInfo.endCursor;
  return { id, after };
}

const valuesOf = ({ data }: Awaited<ReturnType<typeof page>>) =>
  data?.dataset?.records.nodes.map(({ values }) => values);

it('a cursor expires once a delete of all data is Complete', async () => {
  const { id, after } = await begun();
  const { deleteAllData } = await sluice.query(DeleteAllDataDocument, { input: { datasetId: id } });
  await sluice.finalJob(deleteAllData.id);
  const { errors } = await page(id, after);
  expect(errors?.[0]?.extensions?.code).toBe('CURSOR_EXPIRED');
  expect(valuesOf(await page(id))).toEqual([]);
});

it('a cursor from before a reload works until a later delete is Complete', async () => {
  const { id, after } = await begun();
  await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
  await sluice.apply(id);
  expect(valuesOf(await page(id, after))).toEqual([{ n: '3' }]);
  await sluice.push(id, [{ n: '4' }]);
  expect(valuesOf(await page(id, after))).toEqual([{ n: '3' }]);
  const where = { column: 'n', op: 'EQ' as const, value: 1 };
  const { deleteData } = await sluice.query(DeleteDataDocument, { input: { datasetId: id, where } });
  await sluice.finalJob(deleteData.id);
  const { errors } = await page(id, after);
  expect(errors?.[0]?.extensions?.code).toBe('CURSOR_EXPIRED');
});
