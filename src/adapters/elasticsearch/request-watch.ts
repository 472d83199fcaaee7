import type { Client } from '@elastic/elasticsearch';

/** After how long without a response to report it: much less than the time-out of a request. */
const SILENT_MS = 3_000;

/**
 * Watches the requests of a client. Returns a function that returns a message if one of them, retries included, has had no response for some seconds, and null
 * otherwise.
 */
export function watchSilence({ diagnostic }: Client): () => string | null {
  const underWay = new Map<unknown, number>();
  // Invariant: every announced request ends with a response event, even if it fails.
  diagnostic.on('request', (_error, result) => {
    if (!underWay.has(result)) underWay.set(result, performance.now());
  });
  diagnostic.on('response', (_error, result) => underWay.delete(result));
  return () => {
    const [oldest = Number.POSITIVE_INFINITY] = underWay.values();
    const isSilent = performance.now() - oldest > SILENT_MS;
    if (!isSilent) return null;
    return `Elasticsearch: no response to a request for more than ${SILENT_MS / 1_000} s`;
  };
}
