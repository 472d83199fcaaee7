import { type Client, errors, type estypes, type TransportRequestOptions } from '@elastic/elasticsearch';
import { describe, expect, it } from '@jest/globals';
import type { OpenIndex } from '../open-indices.js';
import { type Limits, nextOfFew } from './few-documents.js';

const LIMITS: Limits = { limit: 2, maxBytes: 1_000, read: 'VALUES' };
/** Beyond what searches rely on. */
const LONG_AGO = Number.NEGATIVE_INFINITY;

describe('nextOfFew', () => {
  it('reads rows with one bare search while the largest row is known to be small', async () => {
    const server = new FakeServer({ largest: 100, since: performance.now() });
    server.hits = [hit('a'), hit('b'), hit('c')];
    expect(await server.next()).toMatchObject({ hits: [{ source: { i: 'a' } }, { source: { i: 'b' } }], more: true });
    expect(server.requests).toEqual([expect.objectContaining({ search_after: ['from'], size: 3 })]);
    expect(server.requests[0]).not.toHaveProperty('aggs');
  });

  it('takes tombstones and hidden records, which come last, for no rows', async () => {
    const server = new FakeServer({ largest: 100, since: performance.now() });
    server.hits = [
      hit('a'),
      { _index: 'x', _source: { d: 'deleted', t: 1 } },
      { _index: 'x', _source: { h: 'hidden' } },
    ];
    expect(await server.next()).toMatchObject({ hits: [{ source: { i: 'a' } }], more: false });
  });

  it('gives up, and measures the next time, when the response is cut', async () => {
    const server = new FakeServer({ largest: 100, since: performance.now() });
    server.hits = [hit('x'.repeat(10_000))];
    expect(await server.next()).toBeNull();
    expect(server.index.documents.few).toBeNull();
  });

  it('measures when what is known is old, and keeps what it finds out', async () => {
    const server = new FakeServer({ largest: 100, since: LONG_AGO });
    server.hits = [hit('a')];
    server.largest = 400;
    expect(await server.next()).toMatchObject({ hits: [{ source: { i: 'a' } }], more: false });
    expect(server.requests[0]).toHaveProperty(
      'post_filter.bool.must_not',
      expect.arrayContaining([{ range: { b: { gt: 500 } } }]),
    );
    expect(server.index.documents.few).toMatchObject({ largest: 400, since: expect.any(Number) });
  });

  it.each([
    ['a row is too large for its share of the response', { largest: 501, total: 3 }],
    ['documents have become many', { largest: 501, total: 50_001 }],
  ])('returns nothing when %s', async (_what, found) => {
    const server = new FakeServer({ largest: 100, since: LONG_AGO });
    Object.assign(server, found);
    expect(await server.next()).toBeNull();
    expect(server.index.documents.few).toEqual(found.total > 50_000 ? null : expect.objectContaining({ largest: 501 }));
    expect(await server.next()).toBeNull();
    expect(server.requests).toHaveLength(1);
  });

  it('sends nothing for an index whose documents are many or unknown', async () => {
    const server = new FakeServer(null);
    expect(await server.next()).toBeNull();
    expect(server.requests).toEqual([]);
  });
});

/** Returns these hits, and cuts long responses as the client does. */
class FakeServer {
  hits: estypes.SearchHit<object>[] = [];
  largest = 0;
  total = 3;
  readonly requests: estypes.SearchRequest[] = [];
  readonly index: OpenIndex;

  constructor(few: OpenIndex['documents']['few']) {
    const client = this as unknown as Client;
    const checked = { name: 'x-index', shards: 1, copies: 1, forFilters: [] };
    this.index = { client, alias: 'x', ...checked, documents: { few, maxSmallIndex: 50_000 } };
  }

  next() {
    return nextOfFew(this.index, 'from', LIMITS);
  }

  async search(
    request: estypes.SearchRequest,
    { maxResponseSize = Number.POSITIVE_INFINITY }: TransportRequestOptions,
  ) {
    this.requests.push(request);
    if (JSON.stringify(this.hits).length > maxResponseSize) throw new errors.RequestAbortedError('too long');
    const counted = Number(request.track_total_hits);
    const total = { value: Math.min(this.total, counted), relation: this.total > counted ? 'gte' : 'eq' };
    return {
      hits: { hits: this.hits, total },
      _shards: { total: 1 },
      aggregations: { largest: { value: this.largest } },
    };
  }
}

function hit(id: string): estypes.SearchHit<object> {
  return { _index: 'x', _version: 1, _source: { i: id } };
}
