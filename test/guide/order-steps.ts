import type { TransformationInput } from '../generated/graphql.js';

/** An order as a shop sends it: nested, with an e-mail address, a date that no standard knows, and line items. */
export const ORDER = {
  order: { id: 'A-1', placed: '31.12.2024', test: false },
  customer: { name: 'Ada Lovelace', email: 'ada@example.com' },
  items: [
    { sku: 'TEA', price: 4.15, quantity: 10 },
    { sku: 'CUP', price: 12.5, quantity: 2 },
  ],
};

/** What makes flat rows of an order. The list runs from top to bottom: each step sees what the ones before it made. */
export const ORDER_STEPS: TransformationInput[] = [
  // Test orders give no row. They are not lost: the record is kept, hidden, and can come back.
  {
    id: 'no-tests',
    name: 'No test orders',
    step: { removeRecord: { where: { column: 'order.test', op: 'EQ', value: true } } },
  },
  // The same customer always gets the same key, and without the salt nobody can compute it from a known address.
  {
    id: 'customer-key',
    name: 'Customer key',
    output: { create: 'customer key' },
    step: { hash: { column: 'customer.email', salt: 'keep this one to yourself' } },
  },
  // People who look at rows see enough of the address to recognize it.
  {
    id: 'masked-email',
    name: 'Masked e-mail',
    output: { create: 'masked e-mail' },
    step: { mask: { column: 'customer.email', mode: 'EMAIL', keepStart: 1 } },
  },
  // Both have read the address, so it need not be in the rows any more.
  { id: 'no-email', name: 'No plain e-mail', step: { removeColumn: { column: 'customer.email' } } },
  // A date is a date, so that it can be ordered and compared.
  {
    id: 'placed-on',
    name: 'Date of the order',
    output: { create: 'placed on' },
    step: { toDate: { column: 'order.placed', format: 'DD.MM.YYYY', timeZone: 'Europe/Berlin' } },
  },
  // What concerns the whole order is computed while the order is still one row.
  {
    id: 'pieces',
    name: 'Pieces in the order',
    output: { create: 'pieces' },
    step: { aggregateArray: { column: 'items', take: 'items.quantity', function: 'SUM' } },
  },
  // From here on there is a row for each line item. An order without items keeps one row.
  { id: 'lines', name: 'One row for each item', step: { flatten: { column: 'items' } } },
  {
    id: 'line-total',
    name: 'Line total',
    output: { create: 'line total' },
    step: { multiply: { operands: [{ column: 'items.price' }, { column: 'items.quantity' }] } },
  },
  // From ten pieces on there are 5 percent off. A formula reads a column whose id has spaces as row["..."].
  {
    id: 'to-pay',
    name: 'To pay',
    output: { create: 'to pay' },
    step: { formula: { source: 'row["line total"] * (items.quantity >= 10 ? 0.95 : 1)' } },
  },
  {
    id: 'cents',
    name: 'To pay, in whole cents',
    output: { update: 'to pay' },
    step: { round: { column: 'to pay', decimals: 2 } },
  },
  {
    id: 'label',
    name: 'Label',
    output: { create: 'label' },
    step: { template: { template: '{{items.quantity}} x {{items.sku}} for {{customer.name}}' } },
  },
];
