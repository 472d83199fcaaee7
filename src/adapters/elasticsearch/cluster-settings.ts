import type { Client, TransportRequestOptions } from '@elastic/elasticsearch';
import { RecordStoreError } from '../../ports/record-store.js';

const EXPENSIVE_QUERIES = 'search.allow_expensive_queries';

/** Names the cluster setting that prevents paging and filtering; null if it allows them. */
export async function expensiveQueriesOff(client: Client, options?: TransportRequestOptions): Promise<string | null> {
  const request = { include_defaults: true, filter_path: [`*.${EXPENSIVE_QUERIES}`] };
  const { transient, persistent, defaults } = await client.cluster.getSettings(request, options);
  // The first of these that has a value applies.
  const [value] = [transient, persistent, defaults].flatMap(
    (settings) => settings?.search?.allow_expensive_queries ?? [],
  );
  return String(value) === 'false'
    ? `Elasticsearch: the cluster's setting ${EXPENSIVE_QUERIES} is false; pages, filters and deletes by filter need it to be true`
    : null;
}

/** Throws UNAVAILABLE, naming the setting, while expensive queries are off. */
export async function refuseExpensiveQueriesOff(client: Client): Promise<void> {
  const fault = await expensiveQueriesOff(client);
  if (fault !== null) throw new RecordStoreError('UNAVAILABLE', fault);
}
