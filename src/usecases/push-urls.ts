import type { PushUrl } from '../domain/hooks/push-url.js';
import { checkHookSecret, type HookSignature } from '../domain/hooks/verify-signature.js';
import type { DocumentUpdateMethod } from '../domain/job/job.js';
import type { Caller } from '../domain/security/caller.js';
import { checkedExpiry, checkedName, existingDataset, notFound } from './checks.js';
import type { Deps } from './deps.js';
import { hashOfSecret, newToken } from './secrets.js';

export interface CreatePushUrlRequest {
  readonly datasetId: string;
  readonly name: string;
  readonly documentUpdateMethod: DocumentUpdateMethod;
  readonly signature?: HookSignature | undefined;
  readonly expiresAt?: Date | undefined;
}

/** A push URL with the URL itself, which is shown once: its token is stored nowhere. */
export interface CreatedPushUrl {
  readonly url: string;
  readonly pushUrl: PushUrl;
}

/** Creates and revokes push URLs. */
export function pushUrlsOf(
  { pushUrls, catalog, clock, newId }: Pick<Deps, 'pushUrls' | 'catalog' | 'clock' | 'newId'>,
  publicUrl: () => string,
) {
  return {
    /** Throws NOT_FOUND for an unknown dataset, and BAD_REQUEST for a name, a secret or an end that cannot be. */
    async create(request: CreatePushUrlRequest, caller: Caller): Promise<CreatedPushUrl> {
      const { datasetId, documentUpdateMethod, signature = null } = request;
      const name = checkedName(request.name, 'input.name');
      if (signature) checkHookSecret(signature, 'input.signature.secret');
      const expiresAt = checkedExpiry(request.expiresAt, clock.now());
      await existingDataset(catalog, datasetId);
      const token = newToken();
      const settings = { name, datasetId, documentUpdateMethod, signature, expiresAt };
      const made = { id: newId(), tokenHash: hashOfSecret(token), createdAt: clock.now(), createdBy: caller.name };
      const pushUrl = { ...made, ...settings, revokedAt: null, lastUsedAt: null };
      await pushUrls.insert(pushUrl);
      return { url: `${publicUrl()}/hooks/${token}`, pushUrl };
    },

    /** Ends a push URL, at once and for ever, in every process. Revoking it again changes nothing. Throws NOT_FOUND. */
    async revoke(id: string): Promise<PushUrl> {
      const pushUrl = await pushUrls.revoke(id, clock.now());
      if (!pushUrl) throw notFound('push URL', id);
      return pushUrl;
    },
  };
}
