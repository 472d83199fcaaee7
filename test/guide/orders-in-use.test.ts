import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORDER, ORDER_STEPS } from './order-steps.js';
import { openShop, type Shop } from './shop.js';

// What happens to the orders of orders.test.ts after their design has been applied: they are pushed, queried, rewritten, removed, brought back and deleted.
describe('Orders in use', () => {
  let shop: Shop;
  let id: string;
  let postDataUrl: string;

  beforeAll(async () => {
    shop = await openShop();
    const { createDataset } = await shop.graphql<{
      createDataset: { id: string; pushInstructions: { postDataUrl: string } };
    }>(
      'mutation ($sample: JSON!) { createDataset(input: { name: "orders", sample: $sample }) { id pushInstructions { postDataUrl } } }',
      { sample: ORDER },
    );
    id = createDataset.id;
    postDataUrl = createDataset.pushInstructions.postDataUrl;
    await shop.graphql(
      `mutation ($id: ID!, $transformations: [TransformationInput!]) {
        updateDesign(datasetId: $id, input: {
          expectedRevision: 1, transformations: $transformations, columns: [{ id: "order.id", uniqueIdentifier: true }]
        }) { id }
        applyChanges(datasetId: $id, waitSeconds: 60) { dataset { status } }
      }`,
      { id, transformations: ORDER_STEPS },
    );
  });
  afterAll(() => shop.close());

  const [tea, cup] = ORDER.items;
  const order = (number: string, placed: string, more: object = {}) => ({
    ...ORDER,
    order: { id: number, placed, test: false },
    ...more,
  });

  /** Pushes over REST, and reads the finished job. */
  async function push(data: unknown[], documentUpdateMethod = 'replace') {
    const { statusJob } = await shop.post<{ statusJob: { jobId: string } }>(`${postDataUrl}/postdata?wait=60`, {
      datasetId: id,
      documentUpdateMethod,
      data,
    });
    const { job } = await shop.graphql<{ job: unknown }>(
      `query ($id: ID!) {
        job(id: $id) {
          status
          counts { read added updated unchanged deleted failed rows }
          errors { nodes { recordIndex step code message } }
        }
      }`,
      { id: statusJob.jobId },
    );
    return job;
  }

  interface Rows {
    readonly recordCount: number;
    readonly rowCount: number;
    readonly records: {
      readonly totalCount: number;
      readonly nodes: { id: string; recordId: string; values: Record<string, unknown> }[];
    };
  }

  /** All counts, and the rows that match, the most expensive first. */
  async function rows(where: object = {}): Promise<Rows> {
    const { dataset } = await shop.graphql<{ dataset: Rows }>(
      `query ($id: ID!, $where: RecordFilter) {
        dataset(id: $id) {
          recordCount
          rowCount
          records(where: $where, orderBy: [{ column: "to pay", direction: DESC }]) { totalCount nodes { id recordId values } }
        }
      }`,
      { id, where },
    );
    return dataset;
  }

  it('7. The counts of a push are about records, and say how many rows they gave', async () => {
    const [ordinary, large, test, empty] = [
      order('A-1', '31.12.2024'),
      order('A-2', '02.01.2025', { items: [cup, { ...tea, quantity: 100 }, { ...tea, sku: 'MILK', quantity: 1 }] }),
      { ...ORDER, order: { id: 'A-3', placed: '03.01.2025', test: true } },
      order('A-4', '04.01.2025', { items: [] }),
    ];
    // 2 rows, 3 rows, none for the test order, and 1 for the order without items. A record that was not there and gives no row has changed nothing.
    expect(await push([ordinary, large, test, empty])).toEqual({
      status: 'COMPLETE',
      counts: { read: 4, added: 3, updated: 0, unchanged: 1, deleted: 0, failed: 0, rows: 6 },
      errors: { nodes: [] },
    });
    expect(await rows()).toMatchObject({ recordCount: 3, rowCount: 6, records: { totalCount: 6 } });
  });

  it('8. Made columns are filtered and ordered like any other', async () => {
    // Everything from 2025 in the time zone of the shop that costs something.
    const from2025 = { column: 'placed on', op: 'GTE', value: '2025-01-01T00:00:00+01:00' };
    const { records } = await rows({ and: [from2025, { column: 'to pay', op: 'GT', value: 0 }] });
    expect(records.nodes.map(({ values }) => [values['order.id'], values.label, values['to pay']])).toEqual([
      ['A-2', '100 x TEA for Ada Lovelace', 394.25],
      ['A-2', '2 x CUP for Ada Lovelace', 25],
      ['A-2', '1 x MILK for Ada Lovelace', 4.15],
    ]);

    // All rows of an order have its record id. Their own ids end in the number of the line item, from 0.
    const [most] = records.nodes;
    const ids = records.nodes.map((row) => row.id);
    expect(records.nodes.every(({ recordId }) => recordId === most?.recordId)).toBe(true);
    expect(ids).toEqual([`${most?.recordId}-1`, `${most?.recordId}-0`, `${most?.recordId}-2`]);

    // No row has an address in it, but the rows of one customer can be found by one key.
    const { nodes } = (await rows()).records;
    expect(JSON.stringify(nodes)).not.toContain('ada@');
    expect(new Set(nodes.map(({ values }) => values['customer key'])).size).toBe(1);
  });

  it('9. An order that is sent again with fewer items leaves no old row behind', async () => {
    expect(await push([order('A-2', '02.01.2025', { items: [cup] })])).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 1, updated: 1, rows: 1 },
    });
    const { records, ...counts } = await rows({ column: 'order.id', op: 'EQ', value: 'A-2' });
    expect(records.nodes.map(({ values }) => [values.label, values.pieces])).toEqual([['2 x CUP for Ada Lovelace', 2]]);
    expect(counts).toEqual({ recordCount: 3, rowCount: 4 });
  });

  it('10. A removed order comes back when it no longer matches, with all that was known of it', async () => {
    // The upsert names one field. The rest comes from the order that was kept, hidden, in chapter 7.
    expect(await push([{ order: { id: 'A-3', test: false } }], 'upsert')).toMatchObject({
      counts: { read: 1, added: 1, updated: 0, rows: 2 },
    });
    const found = await rows({ column: 'order.id', op: 'EQ', value: 'A-3' });
    expect(found).toMatchObject({ recordCount: 4, rowCount: 6 });
    expect(found.records.nodes.map(({ values }) => values.label)).toEqual([
      '10 x TEA for Ada Lovelace',
      '2 x CUP for Ada Lovelace',
    ]);

    // The other way round: an order that had rows and has none any more counts as deleted.
    expect(await push([{ order: { id: 'A-3', test: true } }], 'upsert')).toMatchObject({
      counts: { read: 1, deleted: 1, rows: 0 },
    });
    expect(await rows()).toMatchObject({ recordCount: 3, rowCount: 4 });
  });

  it('11. An order that does not fit is refused by the step that could not read it', async () => {
    // The whole push is refused, the good order too. (With `mismatchPolicy: QUARANTINE` only the bad one would be.)
    expect(await push([order('A-5', '05.01.2025'), order('A-6', '2025-01-06')])).toEqual({
      status: 'ERROR_EXIT',
      counts: { read: 2, added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 2, rows: 0 },
      errors: {
        nodes: [
          {
            recordIndex: 1,
            step: 'placed-on',
            code: 'TRANSFORMATION_FAILED',
            message: expect.stringMatching(/step "Date of the order": .*2025-01-06.*DD\.MM\.YYYY/),
          },
        ],
      },
    });
    expect(await rows()).toMatchObject({ recordCount: 3, rowCount: 4 });
  });

  it('12. A deletion takes all rows of an order, and finds hidden orders too', async () => {
    const { deleteData } = await shop.graphql<{ deleteData: unknown }>(
      `mutation ($id: ID!) {
        deleteData(input: { datasetId: $id, data: [{ order: { id: "A-1" } }, { order: { id: "A-3" } }], waitSeconds: 60 }) {
          status
          counts { read deleted unchanged }
        }
      }`,
      { id },
    );
    // The order that had no rows was already gone for whoever queries, so it counts as unchanged.
    expect(deleteData).toEqual({ status: 'COMPLETE', counts: { read: 2, deleted: 1, unchanged: 1 } });
    const { records, ...counts } = await rows();
    expect(records.nodes.map(({ values }) => values['order.id'])).toEqual(['A-2', 'A-4']);
    expect(counts).toEqual({ recordCount: 2, rowCount: 2 });

    // The test order is really gone now: an upsert has nothing to merge into, and what it does not name is null.
    await push([{ order: { id: 'A-3', test: false } }], 'upsert');
    const { nodes } = (await rows({ column: 'order.id', op: 'EQ', value: 'A-3' })).records;
    expect(nodes.map(({ values }) => values['customer.name'])).toEqual([null]);
  });

  it('13. Another design reshapes every order, from what was pushed', async () => {
    // A test order comes in, and gives no row.
    const test = { ...ORDER, order: { id: 'A-7', placed: '07.01.2025', test: true } };
    expect(await push([test])).toMatchObject({ counts: { read: 1, unchanged: 1, rows: 0 } });

    // Without two of the steps, test orders have rows, and the plain address is in them: the service keeps records as they were pushed, whatever rows show of them.
    const { applyChanges } = await shop.graphql<{ applyChanges: unknown }>(
      `mutation ($id: ID!, $transformations: [TransformationInput!]) {
        updateDesign(datasetId: $id, input: { expectedRevision: 2, transformations: $transformations }) { id }
        applyChanges(datasetId: $id, waitSeconds: 60) { reload { status counts { read added unchanged rows } } }
      }`,
      { id, transformations: ORDER_STEPS.filter((step) => step.id !== 'no-tests' && step.id !== 'no-email') },
    );
    expect(applyChanges).toEqual({
      reload: { status: 'COMPLETE', counts: { read: 4, added: 4, unchanged: 0, rows: 5 } },
    });
    const { records, ...counts } = await rows({ column: 'order.id', op: 'EQ', value: 'A-7' });
    expect(records.nodes.map(({ values }) => [values.label, values['customer.email']])).toEqual([
      ['10 x TEA for Ada Lovelace', 'ada@example.com'],
      ['2 x CUP for Ada Lovelace', 'ada@example.com'],
    ]);
    expect(counts).toEqual({ recordCount: 4, rowCount: 5 });
  });
});
