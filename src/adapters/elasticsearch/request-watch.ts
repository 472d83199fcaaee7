import type { Client } from '@elastic/elasticsearch';

/** How long a server may say nothing before that is told: long before a request is given up. */
const SILENT_MS = 3_000;

/**
 * Watches the requests of a client. Returns what tells that one of them has had no answer for some seconds, repeats included; null when none has waited as
 * long.
 */
export function watchSilence({ diagnostic }: Client): () => string | null {
  const underWay = new Map<unknown, number>();
  // Invariant: every request that is announced ends with a response, also where it fails.
  diagnostic.on('request', (_error, result) => {
    if (!underWay.has(result)) underWay.set(result, performance.now());
  });
  diagnostic.on('response', (_error, result) => underWay.delete(result));
  return () => {
    const [oldest = Number.POSITIVE_INFINITY] = underWay.values();
    const isSilent = performance.now() - oldest > SILENT_MS;
    if (!isSilent) return null;
    return `Elasticsearch: no answer to a request for more than ${SILENT_MS / 1_000} s`;
  };
}
