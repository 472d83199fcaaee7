import type { Family } from './example.js';

const ORDER = {
  order: 17,
  items: [
    { sku: 'A-1', price: 5 },
    { sku: 'B-2', price: 8 },
  ],
};

export const ARRAYS: Family = {
  title: 'Arrays',
  examples: {
    flatten: {
      step: '{ flatten: { column: "items" } }',
      records: [
        {
          record: ORDER,
          rows: [
            { order: 17, 'items.sku': 'A-1', 'items.price': 5 },
            { order: 17, 'items.sku': 'B-2', 'items.price': 8 },
          ],
        },
      ],
    },
    filterArray: {
      step: '{ filterArray: { column: "scores", where: { column: "scores", op: GTE, value: 50 } } }',
      records: [
        { record: { scores: [35, 80, 50] }, value: [80, 50] },
        { record: { scores: [10] }, value: [] },
      ],
    },
    selectItem: {
      step: '{ selectItem: { column: "items", take: "items.sku", orderBy: [{ column: "items.price", direction: DESC }] } }',
      records: [{ record: ORDER, value: 'B-2' }],
    },
    aggregateArray: {
      step: '{ aggregateArray: { column: "items", take: "items.price", function: SUM } }',
      records: [
        { record: ORDER, value: 13 },
        { record: { order: 18, items: [] }, value: 0 },
      ],
    },
    distinctArray: {
      step: '{ distinctArray: { column: "tags" } }',
      records: [{ record: { tags: ['new', 'sale', 'new'] }, value: ['new', 'sale'] }],
    },
    sortArray: {
      step: '{ sortArray: { column: "scores", orderBy: [{ direction: DESC, nulls: FIRST }] } }',
      records: [{ record: { scores: [35, null, 80] }, value: [null, 80, 35] }],
    },
  },
};
