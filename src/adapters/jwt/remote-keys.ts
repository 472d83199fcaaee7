import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWSHeaderParameters } from 'jose';
import { SluiceError } from '../../domain/errors.js';
import { boundedGet, RequestFault } from '../bounded-get.js';

type LocalJWKSet = ReturnType<typeof createLocalJWKSet>;

export interface RemoteKeysOptions {
  readonly url: string;
  readonly monotonicMs: () => number;
  /** Gets a message for the operator whenever the keys cannot be fetched. */
  readonly reportFault: (message: string) => void;
}

/** Keys that are older are fetched again before they are used. */
const REFRESH_MS = 600_000;
/** While the server does not answer, keys are used up to this age. After that, a key that the issuer has withdrawn could be among them for too long. */
const MAX_AGE_MS = 3_600_000;
/** The server is not asked again for this time, however many tokens name an unknown key. */
const COOL_DOWN_MS = 10_000;
const REQUEST_MS = 5_000;

/**
 * The keys that an issuer publishes as a JSON Web Key Set. They are fetched when the first token is verified, when they are old, and when a token names a key that is not
 * among them: then the issuer may have a new one. Requests at the same time share one fetch. A fetch, also one that fails, is followed by a cool-down.
 *
 * jose's own remote set has no cool-down after a failure, reads bodies of any size, and uses no key once the set is old and the server is down.
 */
export class RemoteKeys {
  #keys: LocalJWKSet | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #fault: string | null = null;
  #fetching: Promise<void> | null = null;

  constructor(private readonly options: RemoteKeysOptions) {}

  /** The key for a token with this header. Throws jose's errors if none or several fit, and STORE_UNAVAILABLE if that cannot be known. */
  async keyFor(header: JWSHeaderParameters): Promise<CryptoKey> {
    if (this.#isOlderThan(REFRESH_MS)) {
      const refreshed = this.#refresh();
      // While the server does not answer, tokens do not wait for it if there are keys.
      if (this.#fault === null || this.#isOlderThan(MAX_AGE_MS)) await refreshed;
    }
    try {
      return await this.#find(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#refresh();
      if (this.#fault !== null) throw unavailable(this.#fault);
      return await this.#find(header);
    }
  }

  #isOlderThan(ms: number): boolean {
    return this.options.monotonicMs() - this.#fetchedAt > ms;
  }

  #find(header: JWSHeaderParameters): Promise<CryptoKey> {
    if (this.#keys === null || this.#isOlderThan(MAX_AGE_MS)) throw unavailable(this.#fault ?? 'they are too old');
    return this.#keys(header);
  }

  /** Fetches the keys, except in a cool-down. Never rejects: it notes the fault. */
  #refresh(): Promise<void> {
    if (this.options.monotonicMs() - this.#askedAt <= COOL_DOWN_MS) return Promise.resolve();
    this.#fetching ??= this.#fetch().finally(() => {
      this.#askedAt = this.options.monotonicMs();
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    try {
      this.#keys = await fetchedKeys(new URL(this.options.url));
      this.#fetchedAt = this.options.monotonicMs();
      this.#fault = null;
    } catch (error) {
      this.#fault = error instanceof RequestFault ? error.message : 'its answer is not a JSON Web Key Set';
      this.options.reportFault(`the keys of SLUICE_JWKS_URL could not be fetched: ${this.#fault}`);
    }
  }
}

async function fetchedKeys(url: URL): Promise<LocalJWKSet> {
  const timeOver = AbortSignal.timeout(REQUEST_MS);
  try {
    // jose checks that it is a key set.
    return createLocalJWKSet(JSON.parse(await boundedGet(url, timeOver)) as JSONWebKeySet);
  } catch (error) {
    if (error !== timeOver.reason || !timeOver.aborted) throw error;
    throw new RequestFault(`it gave no answer within ${REQUEST_MS / 1_000} s`, true);
  }
}

/** Does not name the server, which is no concern of the callers. */
function unavailable(fault: string): SluiceError {
  const message = `the viewer token cannot be verified now, because the keys of its issuer could not be fetched: ${fault}; send it again later`;
  return new SluiceError('STORE_UNAVAILABLE', message, { retryAfterSeconds: COOL_DOWN_MS / 1_000 });
}
