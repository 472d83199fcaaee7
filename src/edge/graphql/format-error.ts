import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { SluiceError } from '../../domain/errors.js';
import { type ErrorContext, toSluiceError } from '../to-sluice-error.js';

/** Codes of the GraphQL server for requests that are at fault themselves. */
const REQUEST_FAULTS = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST']);

/** An error as GraphQL shows it: a message, the place in the query, and `extensions` with a code of the closed set and the refusal's details. */
export function formatGraphqlError(error: unknown, context: ErrorContext): GraphQLFormattedError {
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (isRequestFault(error)) return { message: error.message, ...place, extensions: { code: 'BAD_REQUEST' } };
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const { code, message, details } = toSluiceError(cause, context);
  return { message, ...place, extensions: { code, ...details } };
}

/** Whether the fault lies in the query or its variables, found by the GraphQL library rather than by a resolver. */
function isRequestFault(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError) || error.originalError instanceof SluiceError) return false;
  const { code } = error.extensions;
  if (typeof code === 'string' && REQUEST_FAULTS.has(code)) return true;
  return error.originalError === undefined || error.originalError instanceof GraphQLError;
}

function placeOf({ locations, path }: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations && { locations }), ...(path && { path }) };
}
