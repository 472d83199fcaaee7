import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { newRequestId } from '../request-id.js';
import type { ErrorContext } from '../to-sluice-error.js';
import { boundedErrors } from './bounded-errors.js';
import type { GraphqlContext } from './context.js';
import { formatGraphqlError } from './format-error.js';

/**
 * Formats the errors of answers over HTTP. The library asks for each error by itself, without its request: so all errors of an answer are formatted before, where they are
 * together. Those that are not shown get the error that counts them, and `answerText` leaves them out.
 */
export class AnswerErrors {
  readonly #formatted = new WeakMap<Error, GraphQLFormattedError>();

  constructor(private readonly context: ErrorContext) {}

  readonly plugin: ApolloServerPlugin<GraphqlContext> = {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue: { requestId } }) => {
        const bounded = boundedErrors(errors, (error) => formatGraphqlError(error, { ...this.context, requestId }));
        const [last] = bounded.slice(-1);
        for (const [index, error] of errors.entries()) {
          const formatted = bounded[index] ?? last;
          if (formatted && !this.#formatted.has(error)) this.#formatted.set(error, formatted);
        }
      },
    }),
  };

  /** The library's `formatError`. An error that no answer has comes from before the request had a context. */
  readonly format = (_formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError =>
    (error instanceof Error ? this.#formatted.get(error) : undefined) ??
    formatGraphqlError(error, { ...this.context, requestId: newRequestId() });
}
