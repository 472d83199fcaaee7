import type { Client } from '@elastic/elasticsearch';
import { expensiveQueriesOff } from './cluster-settings.js';
import { OUR_INDICES } from './generation-index.js';
import { toStoreError } from './store-error.js';

const ANSWER_MS = 2_000;

/** Tells an operator what prevents rows from being written or read; empty if nothing does. Takes at most two seconds, and never throws. */
export async function elasticsearchProblems(client: Client): Promise<string[]> {
  const looks = [redShards(client), clusterBlocks(client), blockedIndices(client), queriesOff(client)];
  const found = await Promise.all(looks.map((look) => look.catch((error) => [toStoreError(error).message])));
  // If the server cannot be reached, all of these requests fail for the same reason.
  return [...new Set(found.flat())];
}

async function redShards(client: Client): Promise<string[]> {
  const request = { index: OUR_INDICES, expand_wildcards: 'all' as const, local: true };
  const { status, unassigned_shards: shards } = await client.cluster.health(request, quick());
  return status === 'red' ? [`Elasticsearch: the cluster is red, ${shards} shards are not assigned`] : [];
}

interface GlobalBlocks {
  readonly blocks?: { readonly global?: Readonly<Record<string, { readonly description?: string }>> };
}

/** Blocks of the whole cluster: somebody has made it read-only, or it has no master. */
async function clusterBlocks(client: Client): Promise<string[]> {
  const request = { metric: 'blocks', filter_path: ['blocks.global'], local: true };
  const { blocks }: GlobalBlocks = await client.cluster.state(request, quick());
  return Object.entries(blocks?.global ?? {}).map(
    ([id, { description = id }]) => `Elasticsearch: the whole cluster is blocked: ${description}`,
  );
}

async function queriesOff(client: Client): Promise<string[]> {
  const fault = await expensiveQueriesOff(client, quick());
  return fault === null ? [] : [fault];
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
