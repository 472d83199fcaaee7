import type { Client } from '@elastic/elasticsearch';

const HEAD = '{"errors":false,"items":[';
const TAIL = ']}';

/**
 * Makes a client read the response to a bulk whose items all have the same result as that one item, so often: in a bulk of new rows, no item says more than that its row was created, and to read
 * thousands of them takes as long as to write their rows. Every other response is read as ever.
 */
export function readRepeatedItemsOnce({ serializer }: Pick<Client, 'serializer'>): void {
  const deserialize = serializer.deserialize.bind(serializer);
  serializer.deserialize = <T>(json: string): T =>
    (repeatedItems(json, deserialize) as T | null) ?? deserialize<T>(json);
}

function repeatedItems(json: string, deserialize: (json: string) => unknown) {
  const first = json.startsWith(HEAD) ? json.indexOf('}}', HEAD.length) + 2 : 0;
  if (first < HEAD.length || json[first] !== ',') return null;
  const item = json.slice(HEAD.length, first);
  const others = (json.length - first - TAIL.length) / (item.length + 1);
  if (!Number.isInteger(others) || json !== HEAD + item + `,${item}`.repeat(others) + TAIL) return null;
  return { errors: false, items: Array(others + 1).fill(deserialize(item)) };
}
