import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DistinctKeys } from './distinct-keys.js';

/** An object as its keys, in the form in which a text has them, each with an object or a scalar as its value. */
type Members = readonly (readonly [key: string, value: Members | null])[];

/** What a scan of a text calls. */
type Event = 'begin' | 'end' | { readonly start: number; readonly end: number; readonly isDuplicate: boolean };

/** The text of an array of objects, and what a scan of it finds. */
function written(records: readonly Members[]): { text: string; events: Event[] } {
  const events: Event[] = [];
  let text = '[';
  const write = (members: Members) => {
    events.push('begin');
    text += '{';
    const before = new Set<string>();
    for (const [key, value] of members) {
      const start = Buffer.byteLength(text);
      text += `"${key}"`;
      const plain: string = JSON.parse(`"${key}"`);
      events.push({ start, end: Buffer.byteLength(text), isDuplicate: before.has(plain) });
      before.add(plain);
      text += ':';
      if (value) write(value);
      else text += '1';
      text += ',';
    }
    text += '}';
    events.push('end');
  };
  for (const record of records) write(record);
  return { text, events };
}

/** Whether the keys have the right ends, and whether the first key that its object has twice is found, and none before it. */
function check(records: readonly Members[]): void {
  const { text, events } = written(records);
  const keys = new DistinctKeys(Buffer.from(text));
  const found: Event[] = [];
  for (const event of events) {
    if (event === 'begin') keys.beginObject();
    else if (event === 'end') keys.endObject();
    found.push(
      typeof event === 'string' ? event : { ...event, end: keys.endOfKey(event.start), isDuplicate: keys.isDuplicate },
    );
    if (typeof event !== 'string' && event.isDuplicate) break;
  }
  expect(found).toEqual(events.slice(0, found.length));
}

const scalars = (...keys: string[]): Members => keys.map((key) => [key, null] as const);
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `k${n}`);

describe('the keys of objects', () => {
  it.each<[string, readonly Members[]]>([
    ['among few', [scalars('a', 'b', 'a')]],
    ['among many', [scalars(...many(40), 'k3')]],
    ['written with an escape', [scalars('a', '\\u0061')]],
    ['in an object whose keys begin like those before', [scalars('a', 'b', 'c'), scalars('a', 'b', 'a')]],
    ['in the same place as another object', [[['o', scalars('a', 'b')]], [['o', scalars('a', 'b', 'a')]]]],
    ['around an object', [[...scalars('a'), ['o', scalars('b')], ...scalars('a')]]],
  ])('are found twice: %s', (_where, records) => {
    expect(written(records).events).toContainEqual(expect.objectContaining({ isDuplicate: true }));
    check(records);
  });

  const key = fc.constantFrom('a', 'b', 'ab', '', '\\u0061', '\\"', 'é', '\\u00e9', ...many(30));

  it('are told apart in any objects', () => {
    const membersOf: fc.Memo<Members> = fc.memo((depth) => {
      const below = depth > 1 ? fc.option(membersOf(depth - 1)) : fc.constant(null);
      return fc.array(fc.tuple(key, below), { maxLength: 6 });
    });
    fc.assert(fc.property(fc.array(membersOf(3), { maxLength: 4 }), check), { numRuns: 500 });
  });

  it('are told apart in objects of many keys', () => {
    const distinct = fc.uniqueArray(key, { maxLength: 24 }).map((keys) => scalars(...keys));
    fc.assert(fc.property(fc.array(distinct, { maxLength: 4 }), check), { numRuns: 500 });
  });
});
