import { describe, expect, it, jest } from '@jest/globals';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { SluiceError } from '../../domain/errors.js';
import { boundedErrors, firstErrors } from './bounded-errors.js';

const refusal = new SluiceError('NOT_FOUND', 'there is no such job');
const failure = new TypeError('a defect');
const thrown = (originalError: Error) => new GraphQLError(originalError.message, { originalError });
const refusals = (count: number): GraphQLError[] => Array(count).fill(thrown(refusal));
const format = ({ message, originalError }: GraphQLError): GraphQLFormattedError => ({
  message,
  extensions: { code: originalError === failure ? 'INTERNAL' : refusal.code },
});

describe('the errors of an answer', () => {
  it('are all shown up to the bound', () => {
    const errors = refusals(20);
    expect(boundedErrors(errors, format)).toEqual(errors.map(format));
  });

  it('are counted beyond it', () => {
    expect(boundedErrors(refusals(21), format).at(-1)?.message).toMatch(/^1 more error is not shown/);
    const many = boundedErrors(refusals(220_000), format);
    expect(many).toHaveLength(21);
    expect(many.at(-1)?.message).toMatch(/^219980 more errors are not shown/);
    expect(many.at(-1)?.extensions).toEqual({ code: 'NOT_FOUND' });
  });

  it('are not formatted if they are only counted', () => {
    const formatting = jest.fn(format);
    boundedErrors(refusals(10_000), formatting);
    expect(formatting).toHaveBeenCalledTimes(21);
  });

  it('tell of a failure of the service among those that are only counted, which is logged', () => {
    const formatting = jest.fn(format);
    const hidden = thrown(failure);
    const errors = [...refusals(30), hidden, ...refusals(30)];
    expect(boundedErrors(errors, formatting).at(-1)?.extensions).toEqual({ code: 'INTERNAL' });
    expect(formatting).toHaveBeenLastCalledWith(hidden);
  });

  it('name few places each', () => {
    const locations = Array.from({ length: 1_000 }, (_, line) => ({ line, column: 1 }));
    expect(boundedErrors(refusals(1), () => ({ message: 'x', locations }))[0]?.locations).toHaveLength(10);
  });

  it('that are formatted one by one are cut to as many', () => {
    const errors = Array.from({ length: 30 }, (_, n) => ({ message: String(n) }));
    expect(firstErrors(errors)).toEqual(errors.slice(0, 21));
  });
});
