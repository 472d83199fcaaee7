import { type Caller, requireArea } from '../domain/security/caller.js';
import type { QuarantinedRecord, QuarantinePlace } from '../ports/quarantine.js';
import { checkedFirst } from './checks.js';
import type { Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** Reads records in quarantine. At most `maxPayloadBytes` of records are read at a time, or a single larger record. Throws FORBIDDEN if the caller does not see them. */
export function readQuarantine({ quarantine }: Pick<Deps, 'quarantine'>, maxPayloadBytes: number, caller: Caller) {
  return {
    /** Lists records in the order in which they were pushed. A page of large records may have fewer than `first`, although more follow. */
    async list(
      datasetId: string,
      first: number,
      after: QuarantinePlace | undefined,
    ): Promise<CountedPage<QuarantinedRecord>> {
      requireArea(caller, 'QUARANTINE', datasetId);
      const query = { first: checkedFirst(first), maxBytes: maxPayloadBytes, after };
      const page = await quarantine.list(datasetId, query);
      return { ...page, totalCount: () => quarantine.count(datasetId) };
    },
  };
}
