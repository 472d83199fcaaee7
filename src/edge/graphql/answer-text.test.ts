import { describe, expect, it } from '@jest/globals';
import { MessageType } from 'graphql-ws';
import { memoryBudget } from '../../adapters/memory/memory-budget.js';
import { AnswerRoom } from './answer-room.js';
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
    const text = await answerText({ data: { a: 'x'.repeat(100) } }, { maxBytes: 50 });
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('is an error in the message of its operation too', async () => {
    const message = (a: string) => ({ id: '7', type: MessageType.Next, payload: { data: { a } } }) as const;
    expect(JSON.parse(await messageText(message('x'), { maxBytes: 100 }))).toEqual(message('x'));
    expect(JSON.parse(await messageText(message('é'.repeat(60)), { maxBytes: 100 }))).toMatchObject({
      id: '7',
      type: 'next',
      payload: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    });
  });

  it('holds memory until the answer is sent, and is an error if there is none, which then holds nothing', async () => {
    const MB = 1024 * 1024;
    const memory = memoryBudget(20 * MB);
    const data = { texts: Array(50).fill('x'.repeat(100_000)) };
    const [first, second, third] = [0, 1, 2].map(() => new AnswerRoom(memory));
    expect(JSON.parse(await answerText({ data }, { room: first }))).toEqual({ data });
    const refusal = { errors: [{ extensions: { code: 'BACK_PRESSURE', retryAfterSeconds: 1 } }] };
    expect(JSON.parse(await answerText({ data }, { room: second }))).toMatchObject(refusal);
    const message = { id: '7', type: MessageType.Next, payload: { data } } as const;
    const refused = JSON.parse(await messageText(message, { room: third }));
    expect(refused).toMatchObject({ id: '7', type: 'next', payload: refusal });
    expect(refused.payload).not.toHaveProperty('data');
    const rest = memory.tryReserve(8 * MB);
    expect([rest !== null, memory.tryReserve(MB)]).toEqual([true, null]);
    rest?.();
    first?.end();
    expect(memory.tryReserve(20 * MB)).not.toBeNull();
  });

  it('is written after other long ones, not at the same time', async () => {
    const answer = { data: { texts: Array(300).fill('x'.repeat(100_000)) } };
    const order: string[] = [];
    class Watched extends AnswerRoom {
      constructor(private readonly name: string) {
        super(memoryBudget(Number.POSITIVE_INFINITY));
      }
      override holdText(bytes: number): void {
        if (bytes > 2_000_000 && order.at(-1) !== this.name) order.push(this.name);
      }
    }
    const long = ['a', 'b', 'c'].map((name) => answerText(answer, { room: new Watched(name) }));
    expect((await Promise.all(long)).map(({ length }) => length > 30_000_000)).toEqual([true, true, true]);
    expect(order.toSorted()).toEqual(['a', 'b', 'c']);
  });
});
