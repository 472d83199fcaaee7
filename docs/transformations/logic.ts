import type { Family } from './example.js';

export const LOGIC: Family = {
  title: 'Logic',
  examples: {
    ifElse: {
      step: `{
  ifElse: {
    branches: [{ where: { column: "total", op: GTE, value: 100 }, value: { constant: "large" } }]
    else: { constant: "small" }
  }
}`,
      records: [
        { record: { total: 250 }, value: 'large' },
        { record: { total: 20 }, value: 'small' },
      ],
    },
    formula: {
      step: '{ formula: { source: "price * quantity * (country == \\"GB\\" ? 1.2 : 1)" } }',
      records: [
        { record: { price: 12.5, quantity: 2, country: 'GB' }, value: 30 },
        { record: { price: 12.5, quantity: 2, country: 'JP' }, value: 25 },
      ],
    },
    coalesce: {
      step: '{ coalesce: { values: [{ column: "mobile" }, { column: "phone" }, { constant: "none" }] } }',
      records: [
        { record: { mobile: null, phone: '+44 20 7946 0018' }, value: '+44 20 7946 0018' },
        { record: { mobile: '+44 7700 900118', phone: null }, value: '+44 7700 900118' },
        { record: { mobile: null, phone: null }, value: 'none' },
      ],
    },
    removeRecord: {
      step: '{ removeRecord: { where: { column: "status", op: EQ, value: "test" } } }',
      records: [
        { record: { order: 17, status: 'paid' }, rows: [{ order: 17, status: 'paid' }] },
        { record: { order: 18, status: 'test' }, rows: [] },
      ],
    },
    copyRecord: {
      step: '{ copyRecord: { where: { column: "shared", op: EQ, value: true } } }',
      records: [
        {
          record: { order: 17, shared: true },
          rows: [
            { order: 17, shared: true },
            { order: 17, shared: true },
          ],
        },
        { record: { order: 18, shared: false }, rows: [{ order: 18, shared: false }] },
      ],
    },
    removeColumn: {
      step: '{ removeColumn: { column: "phone" } }',
      records: [{ record: { order: 17, phone: '+44 20 7946 0018' }, rows: [{ order: 17 }] }],
    },
  },
};
