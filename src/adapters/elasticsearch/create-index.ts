import type { Client } from '@elastic/elasticsearch';
import type { StoredColumn } from '../../domain/query/record-query.js';
import { RecordStoreError } from '../../ports/record-store.js';
import { type IndexSettings, indexDefinition, indexOf, propertiesFor } from './generation-index.js';
import type { OpenIndices } from './open-indices.js';
import { asStoreRequest, isFailure, toStoreError } from './store-error.js';

/** How long a new index waits for its shards; then it is there, and writes wait for them. */
const SHARDS_WAIT = '20s';

/**
 * Makes the index of a generation and reads it back: an index template may have changed it. Throws BLOCKED, with the setting, for an index that cannot be made
 * or that rows cannot live with; that one is removed, so that it is made anew once the template is right.
 */
export async function createIndex(
  client: Client,
  indices: OpenIndices,
  generation: string,
  columns: readonly StoredColumn[],
  settings: IndexSettings,
): Promise<void> {
  const properties = propertiesFor(columns);
  const index = indexOf(generation);
  const definition = { ...indexDefinition(generation, properties, settings), timeout: SHARDS_WAIT };
  await client.indices.create(definition).catch(refuseUnlessThere);
  indices.forget(generation);
  try {
    await indices.open(generation, properties);
  } catch (error) {
    if (toStoreError(error).code === 'BLOCKED') await asStoreRequest(() => removeEmpty(client, index));
    throw error;
  }
}

/** Also where an earlier try has made it, whose answer was lost; never one with rows. */
async function removeEmpty(client: Client, index: string): Promise<void> {
  await client.indices.refresh({ index });
  const { count } = await client.count({ index });
  if (count === 0) await client.indices.delete({ index });
}

/** The definition is right by itself: what the server has against it comes from the server's own settings. */
function refuseUnlessThere(error: unknown): void {
  if (isFailure(error, 'resource_already_exists_exception')) return;
  const failure = toStoreError(error);
  if (failure.code !== 'REJECTED') throw failure;
  const message = `${failure.message}; an index template that takes in the names of Sluice's indices may be the cause`;
  throw new RecordStoreError('BLOCKED', message, { cause: error });
}
