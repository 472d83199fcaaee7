import type { JsonObject, JsonValue } from '../../src/domain/json/json-value.js';
import type { Step } from '../../src/domain/transform/step-kinds.js';
import { shaped } from './shaped-records.js';

/** Arrays of every kind. */
export const ARRAYS = {
  texts: ['x'],
  numbers: [1.5],
  dates: ['2024-01-01'],
  flags: [true],
  items: [{ sku: 'a', price: 1.5, at: '2024-01-01', maker: { name: 'm' }, tags: ['t'], parts: [{ no: 1 }] }],
};
/** A record without any of them. */
export const NO_ARRAYS: JsonObject = { texts: null, numbers: null, dates: null, flags: null, items: null };

/** An item with a price, and a name of its maker. */
export function item(sku: string | null, price: JsonValue = null, maker: string | null = null): JsonObject {
  return { sku, price, at: null, maker: maker === null ? null : { name: maker }, tags: null, parts: null };
}

/** What a step creates for a record; the message if the record does not fit. */
export function created(step: Step, record: JsonObject): unknown {
  const [previewed] = shaped(ARRAYS, [{ output: { create: 'made' }, step }], [{ ...NO_ARRAYS, ...record }]);
  return previewed?.errors[0]?.message ?? previewed?.rows[0]?.made;
}

/** The articles and prices that a step leaves in the array of objects. */
export function updated(step: Step, items: (JsonObject | null)[]): unknown {
  const [previewed] = shaped(ARRAYS, [{ output: { update: 'items' }, step }], [{ ...NO_ARRAYS, items }]);
  const left = previewed?.steps[0]?.values?.items as (JsonObject | null)[] | undefined;
  return previewed?.errors[0]?.message ?? left?.map((one) => one && [one.sku, one.price]);
}

export const ITEMS = [item('a', 2, 'X'), item('b', null, 'y'), item('c', 1, 'X')];
export const filter = (column: string, where: object): Step => ({ kind: 'filterArray', settings: { column, where } });
export const sort = (column: string, order: object = {}): Step => ({
  kind: 'sortArray',
  settings: { column, orderBy: [{ direction: 'ASC', nulls: 'LAST', ...order }] },
});
export const distinct = (column: string, by?: string[]): Step => ({ kind: 'distinctArray', settings: { column, by } });
export const select = (column: string, rest: object = {}): Step => ({
  kind: 'selectItem',
  settings: { column, item: 'FIRST', ...rest },
});
export const aggregate = (column: string, name: string, rest: object = {}): Step =>
  ({ kind: 'aggregateArray', settings: { column, function: name, ...rest } }) as Step;
