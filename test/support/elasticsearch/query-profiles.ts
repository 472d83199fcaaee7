import { Client, type DiagnosticResult, type estypes, Serializer } from '@elastic/elasticsearch';

/** A search, as Elasticsearch executed it. */
export interface NotedSearch {
  /** The request as JSON text. */
  readonly search: string;
  /** How many documents the busiest part of it looked at. */
  readonly examined: number;
  /** Documents returned or counted, or buckets. */
  readonly returned: number;
}

/** Requests that search no documents: reads by id, writes, and requests about an index as a whole. */
const NO_SEARCH = /^\/[^/]+(?:|\/_mget|\/_bulk|\/_refresh)$/;

/** A client whose searches are profiled: other searches do not appear. */
export class ProfilingClient extends Client {
  readonly #noted: Promise<NotedSearch>[] = [];
  /** Its own requests are not recorded. */
  readonly #other: Client;

  constructor(node: string) {
    let isSearch = false;
    super({
      node,
      Serializer: class extends Serializer {
        override serialize(body: object): string {
          return super.serialize(isSearch ? { ...body, profile: true } : body);
        }
      },
    });
    this.#other = new Client({ node });
    // Told right before the body of a request is serialized.
    this.diagnostic.on('serialization', (_error, event) => {
      isSearch = event !== null && pathOf(event).endsWith('/_search');
    });
    this.diagnostic.on('response', (_error, event) => {
      if (event && !NO_SEARCH.test(pathOf(event))) this.#noted.push(this.#note(event));
    });
  }

  /** The searches that are made while `work` is under way, in order. */
  async searchesOf(work: () => Promise<unknown>): Promise<NotedSearch[]> {
    this.#noted.length = 0;
    await work();
    return Promise.all(this.#noted);
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#other.close()]);
  }

  async #note({ body, meta }: DiagnosticResult): Promise<NotedSearch> {
    const search = String(meta.request.params.body);
    const response = body as estypes.SearchResponse;
    if (!response.profile) throw new Error(`Elasticsearch did not profile ${pathOf({ meta })} ${search}`);
    const ranges = rangesIn(JSON.parse(search)).map((query) => this.#matchesOf(pathOf({ meta }), query));
    const examined = Math.max(examinedBy(response.profile), ...(await Promise.all(ranges)));
    return { search, examined, returned: returnedBy(response) };
  }

  /** For a range of a keyword, Elasticsearch lists all documents that match before the search begins, which no profile counts. */
  async #matchesOf(path: string, query: estypes.QueryDslQueryContainer): Promise<number> {
    const [, index = ''] = path.split('/');
    return (await this.#other.count({ index, query })).count;
  }
}

function pathOf({ meta }: Pick<DiagnosticResult, 'meta'>): string {
  return meta.request.params.path;
}

function rangesIn(part: unknown): estypes.QueryDslQueryContainer[] {
  if (typeof part !== 'object' || part === null) return [];
  const { range } = part as estypes.QueryDslQueryContainer;
  const isOfQuery = range !== undefined && !Array.isArray(range);
  return isOfQuery ? [{ range }] : Object.values(part).flatMap(rangesIn);
}

/** Of all shards: the documents that a part of the query went through, or that an aggregation collected. */
function examinedBy({ shards }: estypes.SearchProfile): number {
  return sum(
    shards.map(({ searches, aggregations = [] }) =>
      Math.max(0, ...searches.flatMap(({ query }) => query).map(wentThrough), ...aggregations.map(collected)),
    ),
  );
}

function wentThrough({ breakdown, children = [] }: estypes.SearchQueryProfile): number {
  return Math.max(breakdown.next_doc_count + breakdown.advance_count, ...children.map(wentThrough));
}

/** An aggregation that takes documents from an index by itself tells of it in its debug part, under names that end so. */
function collected({ breakdown, debug, children = [] }: estypes.SearchAggregationProfile): number {
  return Math.max(breakdown.collect_count + sum(segmentsCollected(debug)), ...children.map(collected));
}

function segmentsCollected(debug: object | undefined): number[] {
  return Object.entries(debug ?? {}).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null) return segmentsCollected(value);
    return name.endsWith('segments_collected') ? [Number(value)] : [];
  });
}

function returnedBy({ hits, aggregations = {} }: estypes.SearchResponse): number {
  const total = typeof hits.total === 'object' ? hits.total.value : (hits.total ?? 0);
  const buckets = Object.values(aggregations).map((one) =>
    'buckets' in one ? Object.keys(one.buckets ?? {}).length : 0,
  );
  return Math.max(hits.hits.length, total, ...buckets);
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
