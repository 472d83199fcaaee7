import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type ErrorCode, SluiceError } from '../../domain/errors.js';
import { type ErrorContext, toSluiceError } from '../to-sluice-error.js';

/** Codes of the GraphQL server for requests that are at fault themselves. */
const REQUEST_FAULTS = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST']);

/** An error as GraphQL shows it: a message, the place in the query, and `extensions` with a code of the closed set and the refusal's details. */
export function formatGraphqlError(error: unknown, context: ErrorContext): GraphQLFormattedError {
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (isRequestFault(error)) return { message: error.message, ...place, extensions: { code: codeOf(error) } };
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const { code, message, details } = toSluiceError(cause, context);
  return { message, ...place, extensions: { code, ...details } };
}

/** Codes by the HTTP status that the library answers a request with. */
const CODE_OF_STATUS = new Map<unknown, ErrorCode>([
  [405, 'METHOD_NOT_ALLOWED'],
  [406, 'NOT_ACCEPTABLE'],
]);

function codeOf({ extensions }: GraphQLError): ErrorCode {
  const { status } = (extensions.http ?? {}) as { status?: unknown };
  return CODE_OF_STATUS.get(status) ?? 'BAD_REQUEST';
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
