import type { ApiKey } from '../domain/security/api-key.js';
import { type Caller, requireArea } from '../domain/security/caller.js';
import { checkedFirst } from './checks.js';
import type { Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** Reads API keys, without their secrets, which are not stored. Throws FORBIDDEN if the caller does not see them. */
export function readApiKeys({ apiKeys }: Pick<Deps, 'apiKeys'>, caller: Caller) {
  return {
    /** Lists keys, newest first, with those that are revoked or expired. */
    async list(first: number, after: string | undefined): Promise<CountedPage<ApiKey>> {
      requireArea(caller, 'CREDENTIALS');
      const page = await apiKeys.list({ first: checkedFirst(first), after });
      return { ...page, totalCount: () => apiKeys.count() };
    },
  };
}
