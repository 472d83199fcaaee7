import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExactNumber } from '../../domain/json/json-value.js';
import { MessagesInPassing } from './message-json.js';

const HOSTILE = [
  '"',
  '\\',
  '"x"',
  '\\"',
  'e280',
  '1e280',
  '9007199254740993',
  '"9007199254740993"',
  '{"literal":"1"}',
  '\ud800',
];
const scalar = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE, new ExactNumber('9007199254740993'), new ExactNumber('1e999'), 1e300, 0.5, null),
  fc.string({ unit: 'binary' }),
);
const message = fc.record({
  id: fc.oneof(fc.constantFrom(...HOSTILE), fc.string()),
  payload: fc.dictionary(fc.constantFrom('', 'a', 'b', ...HOSTILE), scalar),
});

describe('messages in passing', () => {
  it('pass through JSON.stringify and JSON.parse unchanged, numbers and strings alike', () => {
    const messages = new MessagesInPassing();
    fc.assert(
      fc.property(message, (sent) => {
        expect(JSON.parse(JSON.stringify(sent, messages.replace), messages.revive)).toBe(sent);
      }),
    );
  });

  it('are kept until they are taken, and given to nobody else', () => {
    const messages = new MessagesInPassing();
    const numbers = [messages.put({ a: 1 }), messages.put(null), messages.put(undefined)];
    expect(numbers.map((number) => messages.take(number))).toEqual([{ a: 1 }, null, undefined]);
    for (const number of numbers) expect(() => messages.take(number)).toThrow('no message has the number');
  });
});
