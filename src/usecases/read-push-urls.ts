import type { PushUrl } from '../domain/hooks/push-url.js';
import { type Caller, requireArea } from '../domain/security/caller.js';
import { checkedFirst, existingDataset } from './checks.js';
import type { Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** Reads push URLs, without their tokens, which are not stored. Throws FORBIDDEN if the caller does not see them. */
export function readPushUrls({ pushUrls, catalog }: Pick<Deps, 'pushUrls' | 'catalog'>, caller: Caller) {
  return {
    /** Lists the push URLs of a dataset, newest first, with those that are revoked or expired. Throws NOT_FOUND for an unknown dataset. */
    async list(datasetId: string, first: number, after: string | undefined): Promise<CountedPage<PushUrl>> {
      requireArea(caller, 'CREDENTIALS', datasetId);
      await existingDataset(catalog, datasetId);
      const page = await pushUrls.list({ datasetId, first: checkedFirst(first), after });
      return { ...page, totalCount: () => pushUrls.count(datasetId) };
    },
  };
}
