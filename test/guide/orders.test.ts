import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORDER, ORDER_STEPS } from './order-steps.js';
import { openShop, type Shop } from './shop.js';

// From a nested order to flat rows with computed totals and masked e-mail addresses. Read the chapters in order: each continues where the one before it ended.
// order-steps.ts has the order and the steps; orders-in-use.test.ts goes on with what happens to orders after that.
describe('Shaping orders', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  let id: string;
  let postDataUrl: string;

  it('1. A sample gives a dataset with typed columns, and line items wait for a step', async () => {
    const { createDataset } = await shop.graphql<{
      createDataset: { id: string; design: { columns: Record<string, unknown>[] } };
    }>(
      `mutation ($sample: JSON!) {
        createDataset(input: { name: "orders", sample: $sample }) {
          id
          design { columns { id type enabled disabledReason } }
        }
      }`,
      { sample: ORDER },
    );
    id = createDataset.id;

    // The date is a text, because 31.12.2024 is not ISO 8601. A row has no place for a list of objects, so `items` and what is inside it are disabled.
    const inside =
      'it is inside the array of objects items, whose values are not stored in rows; flatten that array by a step';
    const column = (name: string, type: string, disabledReason: string | null = null) => ({
      id: name,
      type,
      enabled: disabledReason === null,
      disabledReason,
    });
    expect(createDataset.design.columns).toEqual([
      expect.objectContaining({ id: 'order', type: 'OBJECT' }),
      column('order.id', 'TEXT'),
      column('order.placed', 'TEXT'),
      column('order.test', 'BOOLEAN'),
      expect.objectContaining({ id: 'customer', type: 'OBJECT' }),
      column('customer.name', 'TEXT'),
      column('customer.email', 'TEXT'),
      {
        id: 'items',
        type: 'OBJECT_ARRAY',
        enabled: false,
        disabledReason: expect.stringContaining('flatten it by a step'),
      },
      column('items.sku', 'TEXT', inside),
      column('items.price', 'NUMERIC', inside),
      column('items.quantity', 'NUMERIC', inside),
    ]);
  });

  it('2. The number of an order identifies it, and the dataset accepts pushes', async () => {
    // Whatever is pushed later under the same number replaces the order, or changes it.
    const { applyChanges } = await shop.graphql<{
      applyChanges: { dataset: { status: string; pushInstructions: { postDataUrl: string } } };
    }>(
      `mutation ($id: ID!) {
        updateDesign(datasetId: $id, input: { expectedRevision: 1, columns: [{ id: "order.id", uniqueIdentifier: true }] }) { status }
        applyChanges(datasetId: $id, waitSeconds: 60) { dataset { status pushInstructions { postDataUrl } } }
      }`,
      { id },
    );
    expect(applyChanges.dataset.status).toBe('ACTIVE');
    postDataUrl = applyChanges.dataset.pushInstructions.postDataUrl;
  });

  it('3. Orders can be pushed before anybody has thought about their shape', async () => {
    // The shop is already sending. With `wait`, the response says how the job ended.
    const test = { ...ORDER, order: { id: 'A-2', placed: '02.01.2025', test: true } };
    const { statusJob } = await shop.post<{ statusJob: { status: string } }>(`${postDataUrl}/${id}?wait=60`, [
      ORDER,
      test,
    ]);
    expect(statusJob.status).toBe('Complete');

    // One row for each order. The line items are kept with the record, but no query sees them yet.
    const { dataset } = await shop.graphql<{ dataset: Record<string, unknown> }>(
      `query ($id: ID!) { dataset(id: $id) { recordCount rowCount records(where: { column: "order.id", op: EQ, value: "A-1" }) { nodes { values } } } }`,
      { id },
    );
    expect(dataset).toEqual({
      recordCount: 2,
      rowCount: 2,
      records: {
        nodes: [
          {
            values: {
              'order.id': 'A-1',
              'order.placed': '31.12.2024',
              'order.test': false,
              'customer.name': 'Ada Lovelace',
              'customer.email': 'ada@example.com',
            },
          },
        ],
      },
    });
  });

  it('4. One step can be tried alone, on the sample or on records of your own', async () => {
    const tryDate = (timeZone: string, data: unknown[] | null) =>
      shop.graphql<{ previewDesign: { records: unknown[] } }>(
        `mutation ($id: ID!, $timeZone: String!, $data: [JSONObject!]) {
          previewDesign(datasetId: $id, data: $data, design: { transformations: [{
            id: "placed-on", name: "Date of the order", output: { create: "placed on" }
            step: { toDate: { column: "order.placed", format: "DD.MM.YYYY", timeZone: $timeZone } }
          }] }) {
            records { steps { values } errors { step message } }
          }
        }`,
        { id, timeZone, data },
      );

    // Without data it runs on the sample. In Berlin the last day of the year begins at 23:00 UTC of the day before.
    expect((await tryDate('Europe/Berlin', null)).previewDesign.records).toEqual([
      { steps: [{ values: expect.objectContaining({ 'placed on': '2024-12-30T23:00:00.000Z' }) }], errors: [] },
    ]);

    // What does not work says where, and for which value.
    const odd = { ...ORDER, order: { ...ORDER.order, placed: '31.02.2024' } };
    expect((await tryDate('UTC', [odd])).previewDesign.records).toEqual([
      {
        steps: [],
        errors: [
          {
            step: 'placed-on',
            message: expect.stringMatching(/step "Date of the order": .*31\.02\.2024.*DD\.MM\.YYYY/),
          },
        ],
      },
    ]);
  });

  it('5. The preview shows the sample after every step, and the final rows', async () => {
    const test = { ...ORDER, order: { ...ORDER.order, test: true } };
    const { previewDesign } = await shop.graphql<{
      previewDesign: { records: { steps: { name: string; values: Record<string, unknown> }[] }[] };
    }>(
      `mutation ($id: ID!, $transformations: [TransformationInput!], $data: [JSONObject!]) {
        previewDesign(datasetId: $id, design: { transformations: $transformations }, data: $data) {
          records {
            steps { transformation name rowCount values }
            rowCount
            rows
            removed { transformation name rowCount reason }
            errors { message }
          }
        }
      }`,
      { id, transformations: ORDER_STEPS, data: [ORDER, test] },
    );
    const [order, removed] = previewDesign.records;

    // Step by step: the address is there until it is removed; before the flatten the order is one row with its items, after it there are two.
    const state = (step: string) => order?.steps[ORDER_STEPS.findIndex(({ id: one }) => one === step)];
    expect(order?.steps.map(({ name }) => name)).toEqual(ORDER_STEPS.map(({ name }) => name));
    expect(state('masked-email')?.values).toMatchObject({
      'customer.email': 'ada@example.com',
      'masked e-mail': 'a**@example.com',
    });
    expect(state('no-email')?.values).not.toHaveProperty(['customer.email']);
    expect(state('pieces')).toMatchObject({ rowCount: 1, values: { pieces: 12, items: ORDER.items } });
    expect(state('lines')).toMatchObject({ rowCount: 2, values: { 'items.sku': 'TEA' } });
    expect(state('to-pay')?.values).toMatchObject({ 'line total': 41.5, 'to pay': 39.425 });

    // At the end: what a load would store.
    const ofOrder = {
      'order.id': 'A-1',
      'order.placed': '31.12.2024',
      'order.test': false,
      'customer.name': 'Ada Lovelace',
      'customer key': expect.stringMatching(/^[0-9a-f]{64}$/),
      'masked e-mail': 'a**@example.com',
      'placed on': '2024-12-30T23:00:00.000Z',
      pieces: 12,
    };
    const tea = { 'items.sku': 'TEA', 'items.price': 4.15, 'items.quantity': 10, 'line total': 41.5, 'to pay': 39.43 };
    const cup = { 'items.sku': 'CUP', 'items.price': 12.5, 'items.quantity': 2, 'line total': 25, 'to pay': 25 };
    expect(order).toMatchObject({ rowCount: 2, removed: [], errors: [] });
    expect(order).toHaveProperty('rows', [
      { ...ofOrder, ...tea, label: '10 x TEA for Ada Lovelace' },
      { ...ofOrder, ...cup, label: '2 x CUP for Ada Lovelace' },
    ]);

    // A test order gives no row, and the preview names the step that removes it.
    expect(removed).toMatchObject({
      rows: [],
      rowCount: 0,
      removed: [{ transformation: 'no-tests', name: 'No test orders', rowCount: 1, reason: 'its condition matches' }],
      errors: [],
    });
  });

  it('6. Saved and applied, the steps also reshape what was pushed before', async () => {
    const { updateDesign } = await shop.graphql<{ updateDesign: Record<string, unknown> }>(
      `mutation ($id: ID!, $transformations: [TransformationInput!]) {
        updateDesign(datasetId: $id, input: { expectedRevision: 2, transformations: $transformations }) {
          changes { path effect }
          design { faults { message } transformations { step } }
        }
      }`,
      { id, transformations: ORDER_STEPS },
    );
    // The salt is never shown again: only that there is one.
    expect(updateDesign).toMatchObject({
      changes: expect.arrayContaining([{ path: '/transformations', effect: 'RELOAD' }]),
      design: {
        faults: [],
        transformations: expect.arrayContaining([{ step: { hash: { column: 'customer.email', saltSet: true } } }]),
      },
    });

    // The reload reads both orders again. One gives two rows; the test order gives none, and so it is not added.
    const { applyChanges } = await shop.graphql<{ applyChanges: unknown }>(
      `mutation ($id: ID!) {
        applyChanges(datasetId: $id, waitSeconds: 60) {
          reload { kind status counts { read added unchanged rows } }
          dataset { recordCount rowCount records { nodes { values } } }
        }
      }`,
      { id },
    );
    expect(applyChanges).toMatchObject({
      reload: { kind: 'RELOAD', status: 'COMPLETE', counts: { read: 2, added: 1, unchanged: 1, rows: 2 } },
      dataset: {
        recordCount: 1,
        rowCount: 2,
        records: {
          nodes: [
            { values: { 'items.sku': 'TEA', 'to pay': 39.43 } },
            { values: { 'items.sku': 'CUP', 'to pay': 25 } },
          ],
        },
      },
    });
  });
});
