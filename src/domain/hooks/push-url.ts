import { SluiceError } from '../errors.js';
import type { DocumentUpdateMethod } from '../job/job.js';
import type { Access } from '../security/caller.js';
import type { CredentialLife } from '../security/credential-state.js';
import type { HookSignature } from './verify-signature.js';

/** A URL to which senders push records that can set no header. The token in it is the credential: only its hash is kept. */
export interface PushUrl extends CredentialLife {
  readonly id: string;
  readonly name: string;
  readonly datasetId: string;
  readonly documentUpdateMethod: DocumentUpdateMethod;
  /** How its deliveries are signed; null if the token alone is enough. The secret is needed in clear, and is never shown. */
  readonly signature: HookSignature | null;
  /** SHA-256 of the token, 32 bytes. */
  readonly tokenHash: Buffer;
  readonly createdAt: Date;
  /** The name of the caller that created it. */
  readonly createdBy: string;
  /** To the minute; null if it has not been used. */
  readonly lastUsedAt: Date | null;
}

/** The access of a push URL: to push to its dataset, and to see nothing. */
export function accessOfPushUrl({ datasetId }: Pick<PushUrl, 'datasetId'>): Access {
  return {
    datasets: new Set([datasetId]),
    knowsOnlyReadable: false,
    sees: () => false,
    may: (right, id) => right === 'PUSH' && id === datasetId,
    restrictionOf: () => () => {
      throw new SluiceError('FORBIDDEN', 'a push URL may not read rows; use an API key with the scope READ');
    },
  };
}
