import type { Family } from './example.js';

export const CONVERSION: Family = {
  title: 'Conversion',
  examples: {
    toNumber: {
      step: '{ toNumber: { column: "amount" } }',
      records: [
        { record: { amount: ' 1234.50 ' }, value: 1234.5 },
        { record: { amount: '' }, value: null },
      ],
    },
    toText: {
      step: '{ toText: { column: "total", format: "#,##0.00" } }',
      records: [{ record: { total: 1234.5 }, value: '1,234.50' }],
    },
    toDate: {
      step: '{ toDate: { column: "ordered", format: "DD.MM.YYYY HH:mm", timeZone: "Europe/Berlin" } }',
      records: [{ record: { ordered: '31.12.2024 18:30' }, value: '2024-12-31T17:30:00.000Z' }],
    },
    toBoolean: {
      step: '{ toBoolean: { column: "paid" } }',
      records: [
        { record: { paid: 'Yes' }, value: true },
        { record: { paid: 'off' }, value: false },
      ],
    },
  },
};
