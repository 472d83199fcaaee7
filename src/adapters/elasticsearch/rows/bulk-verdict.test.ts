import type { estypes } from '@elastic/elasticsearch';
import { describe, expect, it } from '@jest/globals';
import { verdictsOf } from './bulk-verdict.js';

const item = (status: number, type?: string, reason = `it is ${type}`): { index: estypes.BulkResponseItem } => ({
  index: { _index: 'i', _id: 'a', status, ...(type !== undefined && { error: { type, reason } }) },
});
const done = (status: number, result: estypes.Result, index = 'i') => ({
  index: { ...item(status).index, _index: index, result },
});

describe('the verdict of a bulk', () => {
  it.each([
    ['a new row', done(201, 'created'), 'STORED'],
    ['a newer row', done(200, 'updated'), 'STORED'],
    ['a row that a pipeline has dropped', done(200, 'noop'), 'RETRY'],
    ['a row that went to another index', done(201, 'created', 'j'), 'RETRY'],
    [
      'an error of another index',
      { index: { ...item(400, 'document_parsing_exception').index, _index: 'j' } },
      'RETRY',
    ],
    ['a success without a result', item(200), 'RETRY'],
    ['a row that is there as new or newer', item(409, 'version_conflict_engine_exception'), 'STALE'],
    ['a full queue', item(429, 'es_rejected_execution_exception'), 'RETRY'],
    ['a shard that is away', item(503, 'unavailable_shards_exception'), 'RETRY'],
    ['a key that was revoked', item(401, 'security_exception'), 'RETRY'],
    ['what nobody has heard of', item(400, 'something_new_exception'), 'RETRY'],
    ['a pipeline that is not there', item(400, 'illegal_argument_exception', 'pipeline with id [x]'), 'RETRY'],
    [
      'a term that is too long',
      item(400, 'illegal_argument_exception', 'Document contains at least one immense term in field="c1"'),
      'REJECTED',
    ],
    ['an index that somebody has closed', item(400, 'index_closed_exception'), 'RETRY'],
    ['a full disk', item(403, 'cluster_block_exception'), 'RETRY'],
    ['a privilege that is lacking', item(403, 'security_exception'), 'RETRY'],
    ['an alias that is missing', item(404, 'index_not_found_exception'), 'GONE'],
    ['a value that does not fit', item(400, 'document_parsing_exception'), 'REJECTED'],
    ['an item without a result', {}, 'RETRY'],
    ['a delete', { delete: { ...item(200).index, result: 'deleted' as const } }, 'STORED'],
    ['a delete of what is not there', { delete: { ...item(404).index, result: 'not_found' as const } }, 'STORED'],
  ])('on %s', (_name, one, kind) => {
    const [verdict] = verdictsOf({ items: [one] }, 1, 'i');
    expect(verdict?.kind).toBe(kind);
  });

  it('keeps the order of the items, and the reasons of Elasticsearch', () => {
    const verdicts = verdictsOf(
      { items: [done(201, 'created'), item(400, 'strict_dynamic_mapping_exception')] },
      2,
      'i',
    );
    expect(verdicts).toMatchObject([
      { kind: 'STORED' },
      {
        kind: 'REJECTED',
        error: {
          code: 'REJECTED',
          message: 'Elasticsearch: it is strict_dynamic_mapping_exception (strict_dynamic_mapping_exception, HTTP 400)',
        },
      },
    ]);
  });

  it('is not given if items have no result', () => {
    expect(() => verdictsOf({ items: [item(201)] }, 2, 'i')).toThrow('a bulk of 2 items got 1 results');
  });
});
