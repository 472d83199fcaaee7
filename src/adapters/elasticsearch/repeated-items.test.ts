import { Client } from '@elastic/elasticsearch';
import { describe, expect, it, jest } from '@jest/globals';
import { readRepeatedItemsOnce } from './repeated-items.js';

const CREATED = '{"index":{"_index":"a-index","result":"created","status":201}}';
const UPDATED = '{"index":{"_index":"a-index","result":"updated","status":200}}';
const REFUSED = '{"index":{"_index":"a-index","status":400,"error":{"type":"x","reason":"}},{"}}}';

describe('a client that reads repeated items once', () => {
  const { serializer } = new Client({ node: 'http://localhost:1' });
  const read = jest.spyOn(serializer, 'deserialize');
  readRepeatedItemsOnce({ serializer });

  function readText(text: string) {
    read.mockClear();
    expect(serializer.deserialize(text)).toEqual(JSON.parse(text));
    return read.mock.calls.map(([json]) => json);
  }

  it.each([2, 3, 2_000])('reads one of %d items that are the same', (count) => {
    const text = `{"errors":false,"items":[${Array(count).fill(CREATED).join(',')}]}`;
    expect(readText(text)).toEqual([CREATED]);
  });

  it.each([
    '{"errors":false,"items":[]}',
    `{"errors":false,"items":[${CREATED}]}`,
    `{"errors":false,"items":[${CREATED},${UPDATED}]}`,
    `{"errors":false,"items":[${CREATED},${CREATED}],"took":1}`,
    `{"errors":true,"items":[${REFUSED},${REFUSED}]}`,
    `{"took":3,"errors":false,"items":[${CREATED},${CREATED}]}`,
    '{"error":{"type":"x","reason":"y"},"status":404}',
    '[]',
    '""',
  ])('reads the whole of another text: %s', (text) => {
    expect(readText(text)).toEqual([text]);
  });
});
