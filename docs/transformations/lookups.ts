import type { Family } from './example.js';

export const LOOKUPS: Family = {
  title: 'Lookups',
  examples: {
    lookup: {
      step: '{ lookup: { dataset: "customers", by: [{ identifier: "id", column: "customer" }], take: "name" } }',
      customers: [
        { id: 1, name: 'Ada' },
        { id: 2, name: 'Ben' },
      ],
      records: [
        { record: { order: 17, customer: 2 }, value: 'Ben' },
        { record: { order: 18, customer: 3 }, value: null },
      ],
    },
  },
};
