import type { Client } from '@elastic/elasticsearch';
import type { StoredColumn } from '../../domain/query/record-query.js';
import { RecordStoreError } from '../../ports/record-store.js';
import { type IndexSettings, indexDefinition, indexOf, propertiesFor } from './generation-index.js';
import type { OpenIndices } from './open-indices.js';
import { asStoreRequest, isFailure, toStoreError } from './store-error.js';

/** How long the creation of an index waits for its shards. After that the index exists, and writes wait for the shards. */
const SHARDS_WAIT = '20s';

/**
 * Creates the index of a generation and checks it, because an index template may have changed it. Throws BLOCKED, naming the setting, if the index cannot be created or
 * cannot hold rows. A wrong index is removed, so that it is created again once the template is corrected.
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

/** Removes the index, even if an earlier attempt created it and its response was lost; never an index that has rows. */
async function removeEmpty(client: Client, index: string): Promise<void> {
  await client.indices.refresh({ index });
  const { count } = await client.count({ index });
  if (count === 0) await client.indices.delete({ index });
}

/** The definition itself is correct, so the server's refusal comes from the server's own settings. */
function refuseUnlessThere(error: unknown): void {
  if (isFailure(error, 'resource_already_exists_exception')) return;
  const failure = toStoreError(error);
  if (failure.code !== 'REJECTED') throw failure;
  const message = `${failure.message}; an index template that matches the names of Sluice's indices may be the cause`;
  throw new RecordStoreError('BLOCKED', message, { cause: error });
}
