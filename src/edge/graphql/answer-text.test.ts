import { describe, expect, it } from '@jest/globals';
import { MessageType } from 'graphql-ws';
import { answerText, messageText } from './answer-text.js';

describe('the text of an answer', () => {
  it('has at most so many errors', async () => {
    const errors = Array.from({ length: 30 }, (_, n) => ({ message: String(n) }));
    expect(JSON.parse(await answerText({ errors, data: null }))).toMatchObject({ data: null, errors: { length: 21 } });
  });

  it('has no errors if there are none', async () => {
    expect(await answerText({ data: { a: 1 } })).toBe('{"data":{"a":1}}');
  });

  it('is an error if it would be too long', async () => {
    const text = await answerText({ data: { a: 'x'.repeat(100) } }, 50);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('is an error in the message of its operation too', async () => {
    const message = (a: string) => ({ id: '7', type: MessageType.Next, payload: { data: { a } } }) as const;
    expect(JSON.parse(await messageText(message('x'), 100))).toEqual(message('x'));
    expect(JSON.parse(await messageText(message('é'.repeat(60)), 100))).toMatchObject({
      id: '7',
      type: 'next',
      payload: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    });
  });
});
