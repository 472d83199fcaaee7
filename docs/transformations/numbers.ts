import type { Family } from './example.js';

export const NUMBERS: Family = {
  title: 'Numbers',
  examples: {
    add: {
      step: '{ add: { operands: [{ column: "price" }, { column: "shipping" }] } }',
      records: [{ record: { price: 40, shipping: 4.5 }, value: 44.5 }],
    },
    subtract: {
      step: '{ subtract: { operands: [{ column: "total" }, { column: "discount" }] } }',
      records: [{ record: { total: 119, discount: 20 }, value: 99 }],
    },
    multiply: {
      step: '{ multiply: { operands: [{ column: "price" }, { column: "quantity" }] } }',
      records: [
        { record: { price: 12.5, quantity: 3 }, value: 37.5 },
        { record: { price: 12.5, quantity: null }, value: null },
      ],
    },
    divide: {
      step: '{ divide: { operands: [{ column: "cents" }, { constant: 100 }] } }',
      records: [{ record: { cents: 1995 }, value: 19.95 }],
    },
    modulo: {
      step: '{ modulo: { operands: [{ column: "bottles" }, { constant: 12 }] } }',
      records: [{ record: { bottles: 50 }, value: 2 }],
    },
    round: {
      step: '{ round: { column: "tax", decimals: 2 } }',
      records: [
        { record: { tax: 1.005 }, value: 1.01 },
        { record: { tax: -2.344 }, value: -2.34 },
      ],
    },
    floor: {
      step: '{ floor: { column: "age" } }',
      records: [{ record: { age: 36.8 }, value: 36 }],
    },
    ceil: {
      step: '{ ceil: { column: "parcels" } }',
      records: [{ record: { parcels: 2.1 }, value: 3 }],
    },
    absolute: {
      step: '{ absolute: { column: "balance" } }',
      records: [{ record: { balance: -12.5 }, value: 12.5 }],
    },
    ln: {
      step: '{ ln: { column: "visits" } }',
      records: [{ record: { visits: 100 }, value: 4.605170185988092 }],
    },
    log: {
      step: '{ log: { column: "visits" } }',
      records: [{ record: { visits: 1000 }, value: 3 }],
    },
    power: {
      step: '{ power: { base: { column: "side" }, exponent: { constant: 2 } } }',
      records: [{ record: { side: 1.5 }, value: 2.25 }],
    },
  },
};
