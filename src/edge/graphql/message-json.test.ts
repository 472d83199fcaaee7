import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExactNumber } from '../../domain/json/json-value.js';
import { replaceMessage, reviveMessage, unwrapped, wrapped } from './message-json.js';

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

describe('the JSON of websocket messages', () => {
  it('passes through JSON.stringify and JSON.parse unchanged, numbers and strings alike', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const text = unwrapped(JSON.stringify(sent, replaceMessage));
        expect(JSON.parse(wrapped(text), reviveMessage)).toEqual(sent);
      }),
    );
  });
});
