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
  },
};
