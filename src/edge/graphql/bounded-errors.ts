import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { isRefusal } from './format-error.js';

/** Errors of one answer. */
const MAX_ERRORS = 20;
/** Places in the query of one error: a name that is given a thousand times has a thousand. */
const MAX_LOCATIONS = 10;

type Format = (error: GraphQLError) => GraphQLFormattedError;

/**
 * The errors that an answer shows: the first ones, and one more that counts the others. Only these are formatted, which copies and logs. The last one has the code of the others:
 * that of the first failure of the service among them, and otherwise of the first one. So no failure is hidden, or missing in the log.
 */
export function boundedErrors(errors: readonly GraphQLError[], format: Format): GraphQLFormattedError[] {
  const shown = errors.slice(0, MAX_ERRORS).map((error) => withFewLocations(format(error)));
  const others = errors.slice(MAX_ERRORS);
  const gravest = others.find((error) => !isRefusal(error)) ?? others[0];
  if (gravest) shown.push({ message: othersMessage(others.length), extensions: { code: codeOf(format(gravest)) } });
  return shown;
}

/** Errors that are formatted one by one, the others as {@link boundedErrors} formats the last one. */
export function firstErrors(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  return errors.slice(0, MAX_ERRORS + 1);
}

function othersMessage(count: number): string {
  const others = count === 1 ? '1 more error is' : `${count} more errors are`;
  return `${others} not shown; correct those above first, or select less`;
}

function codeOf({ extensions }: GraphQLFormattedError): unknown {
  return extensions?.code;
}

function withFewLocations(error: GraphQLFormattedError): GraphQLFormattedError {
  const { locations } = error;
  return locations && locations.length > MAX_LOCATIONS
    ? { ...error, locations: locations.slice(0, MAX_LOCATIONS) }
    : error;
}
