import type { GraphQLFormattedError } from 'graphql';

/** Errors of one answer. */
const MAX_ERRORS = 20;
/** Places in the query of one error: a name that is given a thousand times has a thousand. */
const MAX_LOCATIONS = 10;

/** The errors that an answer shows: the first ones, and one more that counts the others. */
export function boundedErrors(errors: readonly GraphQLFormattedError[]): GraphQLFormattedError[] {
  const shown = errors.slice(0, MAX_ERRORS).map(withFewLocations);
  const [next] = errors.slice(MAX_ERRORS);
  if (next) shown.push({ message: othersMessage(errors.length - MAX_ERRORS), extensions: { code: codeOf(next) } });
  return shown;
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
