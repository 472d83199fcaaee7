import { errors } from '@elastic/elasticsearch';
import { RecordStoreError, type RecordStoreErrorCode } from '../../ports/record-store.js';
import { generationOf } from './generation-index.js';

/** What Elasticsearch says of a failed request, or of a failed item of a bulk. */
export interface Failure {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
}

/** Runs a request to Elasticsearch, its errors as the port's own. */
export async function asStoreRequest<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Whether Elasticsearch answered a request with a failure of this type. */
export function isFailure(error: unknown, type: string): boolean {
  return error instanceof errors.ResponseError && failureOf(error).type === type;
}

/** Any error of the client as the port's own: UNAVAILABLE where the same request can succeed once the cluster is well again. */
export function toStoreError(error: unknown): RecordStoreError {
  if (error instanceof RecordStoreError) return error;
  if (error instanceof errors.ResponseError) return storeError(failureOf(error), error);
  if (error instanceof errors.ElasticsearchClientError) {
    return new RecordStoreError('UNAVAILABLE', `Elasticsearch: ${unreachable(error)}`, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new RecordStoreError('REJECTED', `Elasticsearch: ${message}`, { cause: error });
}

/** The port's error for a failure. */
export function storeError(failure: Failure, cause?: unknown): RecordStoreError {
  const code = codeOf(failure);
  const { status, type, reason } = failure;
  if (code === 'GENERATION_MISSING') return rowsGone(goneIn(reason), cause);
  return new RecordStoreError(code, `Elasticsearch: ${reason} (${type}, HTTP ${status})`, { cause });
}

/** That no index of ours stands under a generation's alias; null where it is not known which. */
export function rowsGone(generation: string | null, cause?: unknown): RecordStoreError {
  const message = `Elasticsearch: the index or alias of ${generation ?? 'the rows'} is gone`;
  return new RecordStoreError('GENERATION_MISSING', message, { cause });
}

/** Whatever a server's trouble is, or an operator can mend, is waited for: a job never ends for it. */
function codeOf({ status, type, reason }: Failure): RecordStoreErrorCode {
  if (type === 'index_not_found_exception' || NOT_OURS.test(reason)) return 'GENERATION_MISSING';
  if (OF_ONE_INDEX.has(type)) return 'BLOCKED';
  return WAITED_FOR.has(type) || status >= 500 || UNAVAILABLE.has(status) ? 'UNAVAILABLE' : 'REJECTED';
}

/** Credentials that are not, or no longer, good; time-outs; something before the server that takes smaller requests only; too much to do. */
const UNAVAILABLE: ReadonlySet<number> = new Set([401, 403, 408, 413, 429]);

/** Under the alias's name stands an index that somebody else has made: not even a row's id is mapped in it. */
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

/** What Elasticsearch says of a request that it refused. */
export function failureOf({ statusCode, body, message }: errors.ResponseError): Failure {
  const error = (body as { error?: ErrorBody } | undefined)?.error;
  // What failed on the shards, where the error itself says no more than that all of them did.
  const cause = error?.root_cause?.[0] ?? error;
  return { status: statusCode ?? 500, type: cause?.type ?? 'no reason given', reason: cause?.reason ?? message };
}

interface ErrorBody {
  readonly type?: string;
  readonly reason?: string;
  readonly root_cause?: readonly { readonly type?: string; readonly reason?: string }[];
}

function unreachable(error: errors.ElasticsearchClientError): string {
  if (error instanceof errors.TimeoutError) return 'no answer in time';
  return error.message === '' ? error.name : error.message;
}

function goneIn(reason: string): string | null {
  const name = /\[(?<name>[^[\]]+)\]/.exec(reason)?.groups?.name;
  return name === undefined ? null : generationOf(name);
}
