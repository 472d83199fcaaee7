import type { Client } from '@elastic/elasticsearch';
import { OUR_INDICES } from './generation-index.js';
import { toStoreError } from './store-error.js';

const ANSWER_MS = 2_000;

/** What keeps rows from being written or read, for an operator; none when nothing does. Never throws. */
export async function elasticsearchProblems(client: Client): Promise<string[]> {
  try {
    return [...(await redShards(client)), ...(await blockedIndices(client))];
  } catch (error) {
    return [toStoreError(error).message];
  }
}

async function redShards(client: Client): Promise<string[]> {
  const request = { index: OUR_INDICES, expand_wildcards: 'all' as const, local: true };
  const { status, unassigned_shards: shards } = await client.cluster.health(request, quick());
  return status === 'red' ? [`Elasticsearch: the cluster is red, ${shards} shards are not assigned`] : [];
}

async function blockedIndices(client: Client): Promise<string[]> {
  const request = { index: OUR_INDICES, name: 'index.blocks.*', flat_settings: true, expand_wildcards: 'all' as const };
  const found = await client.indices.getSettings(request, quick());
  const blocks = new Map<string, string[]>();
  for (const [index, { settings = {} }] of Object.entries(found)) {
    for (const [name, value] of Object.entries(settings)) {
      if (String(value) === 'true') blocks.set(name, [...(blocks.get(name) ?? []), index]);
    }
  }
  return [...blocks].map(([name, indices]) => {
    const others = indices.length > 1 ? ` and ${indices.length - 1} more` : '';
    const cause = name.endsWith('read_only_allow_delete') ? ': the disk of a node is almost full' : '';
    return `Elasticsearch: index ${indices[0]}${others} is blocked by ${name}${cause}`;
  });
}

const quick = () => ({ maxRetries: 0, requestTimeout: ANSWER_MS });
