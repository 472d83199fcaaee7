import { describe, expect, it } from '@jest/globals';
import { boundedErrors } from './bounded-errors.js';

const errors = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ message: `error ${n}`, extensions: { code: 'BAD_REQUEST' } }));

describe('the errors of an answer', () => {
  it('are all shown up to the bound', () => {
    expect(boundedErrors(errors(20))).toEqual(errors(20));
  });

  it('are counted beyond it', () => {
    expect(boundedErrors(errors(21)).at(-1)?.message).toMatch(/^1 more error is not shown/);
    const many = boundedErrors(errors(220_000));
    expect(many).toHaveLength(21);
    expect(many.at(-1)?.message).toMatch(/^219980 more errors are not shown/);
    expect(many.at(-1)?.extensions).toEqual({ code: 'BAD_REQUEST' });
  });

  it('name few places each', () => {
    const locations = Array.from({ length: 1_000 }, (_, line) => ({ line, column: 1 }));
    expect(boundedErrors([{ message: 'x', locations }])[0]?.locations).toHaveLength(10);
  });
});
