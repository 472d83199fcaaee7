import type { estypes } from '@elastic/elasticsearch';
import { rate } from './measure.js';
import type { Servers } from './servers.js';

type Mapping = Record<string, estypes.MappingProperty>;

/** How many documents a second the baseline writes, until they can be queried. What it has written is removed again. */
export async function rawBulk(
  { store, elasticsearch, mongodb }: Servers,
  documents: readonly object[],
  mapping: Mapping,
): Promise<number> {
  if (store === 'elasticsearch' && elasticsearch) {
    const index = await elasticsearch.index(mapping);
    const perSecond = await rate(documents.length, () => elasticsearch.writeAll(index, documents));
    await elasticsearch.clear();
    return perSecond;
  }
  const rows = await mongodb.collection();
  const perSecond = await rate(documents.length, () => mongodb.insertAll(rows, documents));
  await mongodb.clear();
  return perSecond;
}
