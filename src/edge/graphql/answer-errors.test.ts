import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { FOREIGN_STORAGE } from '../../ports/storage-health.js';
import { createLogger } from '../../telemetry/logger.js';
import { AnswerErrors } from './answer-errors.js';
import { firstErrors } from './bounded-errors.js';

/** Formats errors as the library does: it tells of all of them, and then asks for each by itself. Returns what is shown, and how many were logged. */
async function answered(errors: readonly GraphQLError[]) {
  const logger = createLogger('silent');
  let logged = 0;
  logger.error = () => {
    logged += 1;
  };
  const answers = new AnswerErrors({ logger, storage: FOREIGN_STORAGE });
  const listener = await answers.plugin.requestDidStart?.({} as never);
  await listener?.didEncounterErrors?.({ errors, contextValue: { requestId: 'r1' } } as never);
  return { shown: firstErrors(errors.map((error) => answers.format({ message: '' }, error))), logged };
}

const failing = (count: number) =>
  Array.from({ length: count }, (_, n) => {
    const originalError = new TypeError('a defect');
    return new GraphQLError(originalError.message, { originalError, path: [`f${n}`] });
  });

describe('the errors of an answer over HTTP', () => {
  it('are all shown, with the id of their request, up to the bound', async () => {
    const { shown, logged } = await answered(failing(20));
    expect(shown.map(({ path }) => path?.[0])).toEqual(Array.from({ length: 20 }, (_, n) => `f${n}`));
    expect(shown[0]?.message).toContain('r1');
    expect(logged).toBe(20);
  });

  it('are neither formatted nor logged if they are only counted', async () => {
    const { shown, logged } = await answered(failing(1_000));
    expect(shown).toHaveLength(21);
    expect(shown[20]).toMatchObject({
      message: expect.stringContaining('980 more errors are not shown'),
      extensions: { code: 'INTERNAL' },
    });
    expect(logged).toBe(21);
  });

  it('have an id of their own if they come from before the request', () => {
    const answers = new AnswerErrors({ logger: createLogger('silent'), storage: FOREIGN_STORAGE });
    expect(answers.format({ message: '' }, new TypeError('a defect'))).toMatchObject({
      message: expect.stringMatching(/request id \S+/),
      extensions: { code: 'INTERNAL' },
    });
  });
});
