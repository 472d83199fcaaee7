import { errors } from '@elastic/elasticsearch';
import { RecordStoreError, type RecordStoreErrorCode } from '../../ports/record-store.js';
import { generationOf } from './generation-index.js';

/** How Elasticsearch describes a failed request, or a failed item of a bulk. */
export interface Failure {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
}

/** Runs a request to Elasticsearch, and turns its errors into errors of the port. */
export async function asStoreRequest<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Whether Elasticsearch refused a request with an error of this type. */
export function isFailure(error: unknown, type: string): boolean {
  return error instanceof errors.ResponseError && failureOf(error).type === type;
}

/** Turns any error of the client into an error of the port: UNAVAILABLE if the same request can succeed once the cluster works again. */
export function toStoreError(error: unknown): RecordStoreError {
  if (error instanceof RecordStoreError) return error;
  if (error instanceof errors.ResponseError) return storeError(failureOf(error), error);
  if (error instanceof errors.ElasticsearchClientError) {
    return new RecordStoreError('UNAVAILABLE', `Elasticsearch: ${unreachable(error)}`, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new RecordStoreError('REJECTED', `Elasticsearch: ${message}`, { cause: error });
}

/** The error of the port for a failure. */
export function storeError(failure: Failure, cause?: unknown): RecordStoreError {
  const code = codeOf(failure);
  const { status, type, reason } = failure;
  if (code === 'GENERATION_MISSING') return rowsGone(goneIn(reason), cause);
  return new RecordStoreError(code, `Elasticsearch: ${reason} (${type}, HTTP ${status})`, { cause });
}

/** The error for a generation without an index of ours; null if the generation is not known. */
export function rowsGone(generation: string | null, cause?: unknown): RecordStoreError {
  const message = `Elasticsearch: the index or alias of ${generation ?? 'the rows'} is missing`;
  return new RecordStoreError('GENERATION_MISSING', message, { cause });
}

/** Errors of the server, and those that an operator can fix: jobs wait for them and never end because of them. */
function codeOf({ status, type, reason }: Failure): RecordStoreErrorCode {
  if (type === 'index_not_found_exception' || NOT_OURS.test(reason)) return 'GENERATION_MISSING';
  if (OF_ONE_INDEX.has(type)) return 'BLOCKED';
  return WAITED_FOR.has(type) || status >= 500 || UNAVAILABLE.has(status) ? 'UNAVAILABLE' : 'REJECTED';
}

/** Bad or revoked credentials; time-outs; a proxy in front of the server that allows only smaller requests; overload. */
const UNAVAILABLE: ReadonlySet<number> = new Set([401, 403, 408, 413, 429]);

/** Somebody else has created an index with the alias's name: it does not even map the id of a row. */
const NOT_OURS = /^No mapping found for \[i\]/;

const OF_ONE_INDEX: ReadonlySet<string> = new Set([
  // The disk of its node is full, or somebody has made the index read-only.
  'cluster_block_exception',
  // Somebody has closed it.
  'index_closed_exception',
  // The node that holds it is gone.
  'unavailable_shards_exception',
  'no_shard_available_action_exception',
]);

const WAITED_FOR: ReadonlySet<string> = new Set([
  // The cluster has as many shards as it allows.
  'validation_exception',
]);

/** How Elasticsearch describes a request that it refused. */
export function failureOf({ statusCode, body, message }: errors.ResponseError): Failure {
  const error = (body as { error?: ErrorBody } | undefined)?.error;
  // What failed on the shards, if the error itself says only that all of them failed.
  const cause = error?.root_cause?.[0] ?? error;
  return { status: statusCode ?? 500, type: cause?.type ?? 'no reason given', reason: cause?.reason ?? message };
}

interface ErrorBody {
  readonly type?: string;
  readonly reason?: string;
  readonly root_cause?: readonly { readonly type?: string; readonly reason?: string }[];
}

function unreachable(error: errors.ElasticsearchClientError): string {
  if (error instanceof errors.TimeoutError) return 'no response in time';
  return error.message === '' ? error.name : error.message;
}

function goneIn(reason: string): string | null {
  const name = /\[(?<name>[^[\]]+)\]/.exec(reason)?.groups?.name;
  return name === undefined ? null : generationOf(name);
}
