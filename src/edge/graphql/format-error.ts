import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { type ErrorCode, SluiceError } from '../../domain/errors.js';
import { boundedRefusal } from '../bounded-refusal.js';
import { type FailedRequest, toSluiceError } from '../to-sluice-error.js';

/** The GraphQL server's codes for faulty requests. */
const REQUEST_FAULTS = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST']);

/** Formats an error for GraphQL: its message, where in the query it occurred, and `extensions` with a code of the closed set and the details of the refusal. */
export function formatGraphqlError(error: unknown, context: FailedRequest): GraphQLFormattedError {
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (isRequestFault(error)) {
    return { message: brief(messageOf(error)), ...place, extensions: { code: codeOf(error) } };
  }
  const refusal = toSluiceError(causeOf(error), context);
  const { message, details } = boundedRefusal(refusal);
  return { message, ...place, extensions: { code: refusal.code, ...details } };
}

/** The library's messages quote names from the query, which may be as long as a payload. */
const MAX_MESSAGE = 1_000;

function brief(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE).toWellFormed()}...`;
}

/** What a resolver threw. */
export function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? (error.originalError ?? error) : error;
}

/** Where in a variable a fault is, at the end of the library's text about it. A value before it cannot look like this: its quotes are escaped. */
const PLACE = / at "([\w.[\]]+)"$/;

/** The library's message about a variable's fault shows the whole value around it, in which a secret may be: this one shows its place alone. */
function messageOf({ message, nodes, originalError }: GraphQLError): string {
  const [node] = nodes ?? [];
  if (node?.kind !== Kind.VARIABLE_DEFINITION || !originalError) return message;
  const name = node.variable.name.value;
  const fault = originalError.message;
  const [, place = name] = PLACE.exec(message.slice(0, -`; ${fault}`.length)) ?? [];
  return `Variable "$${name}" has an invalid value at "${place}"; ${fault}`;
}

/** Our codes by the HTTP status with which the library rejects a request. */
const CODE_OF_STATUS = new Map<unknown, ErrorCode>([
  [405, 'METHOD_NOT_ALLOWED'],
  [406, 'NOT_ACCEPTABLE'],
]);

function codeOf({ extensions }: GraphQLError): ErrorCode {
  const { status } = (extensions.http ?? {}) as { status?: unknown };
  return CODE_OF_STATUS.get(status) ?? 'BAD_REQUEST';
}

/** Whether the client caused an error, and not a failure of the service. */
export function isRefusal(error: unknown): boolean {
  return isRequestFault(error) || causeOf(error) instanceof SluiceError;
}

/** Whether the GraphQL library, and not a resolver, found a fault in the query or its variables. */
function isRequestFault(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError) || error.originalError instanceof SluiceError) return false;
  const { code } = error.extensions;
  if (typeof code === 'string' && REQUEST_FAULTS.has(code)) return true;
  return error.originalError === undefined || error.originalError instanceof GraphQLError;
}

function placeOf({ locations, path }: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations && { locations }), ...(path && { path }) };
}
