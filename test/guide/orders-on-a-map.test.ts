import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORDER, ORDER_STEPS } from './order-steps.js';
import { openShop, type Shop } from './shop.js';

// The orders of orders.test.ts, from a shop that also sends where an order goes: they get a point on the map.
describe('Orders on a map', () => {
  const order = (id: string, city: string | null, country: string) => ({
    ...ORDER,
    order: { ...ORDER.order, id },
    shipping: { city, country },
  });
  let shop: Shop;
  let id: string;

  beforeAll(async () => {
    shop = await openShop();
    const { createDataset } = await shop.graphql<{ createDataset: { id: string } }>(
      'mutation ($sample: JSON!) { createDataset(input: { name: "orders", sample: $sample }) { id } }',
      { sample: order('A-1', 'Kyoto', 'Japan') },
    );
    id = createDataset.id;
  });
  afterAll(() => shop.close());

  it('14. An address can be tried before any design has it', async () => {
    // Names may be in any language. The answer says what was matched, and what it stands for.
    const { geocode } = await shop.graphql<{ geocode: { place: object } }>(
      `{ geocode(address: { city: "京都", country: "JP" }) { place { name country precision } runnersUp { name } } }`,
    );
    expect(geocode.place).toEqual({ name: 'Kyoto', country: 'JP', precision: 'CITY' });
  });

  it('15. A geolocation stands after the steps, and gives every row of an order its point', async () => {
    const { updateDesign } = await shop.graphql<{ updateDesign: { design: object } }>(
      `mutation ($id: ID!, $transformations: [TransformationInput!]) {
        updateDesign(datasetId: $id, input: {
          expectedRevision: 1
          transformations: $transformations
          geolocations: [{ name: "goes to", address: { city: "shipping.city", country: "shipping.country" } }]
        }) { design { geolocations { column disabledReason } faults { message } } }
        applyChanges(datasetId: $id, waitSeconds: 60) { dataset { status } }
      }`,
      { id, transformations: ORDER_STEPS },
    );
    expect(updateDesign.design).toEqual({ geolocations: [{ column: 'goes to', disabledReason: null }], faults: [] });
  });

  it('16. What cannot be placed is counted, and is no failure', async () => {
    const { pushData } = await shop.graphql<{ pushData: object }>(
      `mutation ($id: ID!, $data: JSON!) {
        pushData(input: { datasetId: $id, data: $data, waitSeconds: 60 }) {
          status counts { read added failed rows unplaced }
        }
      }`,
      {
        id,
        data: [
          order('A-1', 'Kyoto', 'Japan'),
          order('A-2', 'Osaka', 'Japan'),
          order('A-3', 'Kyiv', 'Ukraine'),
          order('A-4', 'Nowhere at all', 'Japan'),
        ],
      },
    );
    expect(pushData).toEqual({
      status: 'COMPLETE',
      counts: { read: 4, added: 4, failed: 0, rows: 8, unplaced: 1 },
    });
  });

  it('17. Rows are found by their distance, or inside a box', async () => {
    const orders = async (where: object) => {
      const { dataset } = await shop.graphql<{
        dataset: { records: { nodes: { values: Record<string, unknown> }[] } };
      }>(
        'query ($id: ID!, $where: RecordFilter) { dataset(id: $id) { records(where: $where) { nodes { values } } } }',
        {
          id,
          where,
        },
      );
      return [...new Set(dataset.records.nodes.map(({ values }) => values['order.id']))].sort();
    };
    const near = { column: 'goes to', op: 'WITHIN_DISTANCE', value: { lat: 35.01, lon: 135.77, meters: 60_000 } };
    expect(await orders(near)).toEqual(['A-1', 'A-2']);
    const europe = { column: 'goes to', op: 'WITHIN_BOX', value: { north: 71, south: 35, west: -10, east: 40 } };
    expect(await orders(europe)).toEqual(['A-3']);
    expect(await orders({ column: 'goes to', op: 'IS_NULL' })).toEqual(['A-4']);
  });
});
