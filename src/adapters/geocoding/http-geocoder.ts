import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { GeoPoint } from '../../domain/geo-point.js';
import { ADDRESS_PARTS, type Address, addressLine } from '../../domain/geolocation/address.js';
import { urlOfAddress } from '../../domain/geolocation/url-template.js';
import { briefJson } from '../../domain/json/stringify-json.js';
import type { AddressAnswer, AddressNeed } from '../../domain/transform/answers.js';
import type { AddressCache } from '../../ports/address-cache.js';
import type { AddressSource, AskingBudget } from '../../ports/address-source.js';
import { boundedGet, RequestFault } from '../bounded-get.js';
import { pointOfAnswer } from './nominatim-answer.js';
import { RequestRate } from './request-rate.js';

/** How an HTTP geocoder is asked. */
export interface HttpGeocoderOptions {
  /** A template: see `urlOfAddress`. */
  readonly url: string;
  /** Requests a second of this process. */
  readonly rate: number;
  /** How long the addresses of jobs that are loaded together may take, beyond those in the cache. */
  readonly askingMs: number;
  /** How long one request may take. */
  readonly requestMs?: number;
}

const REQUEST_MS = 10_000;
/** Of all requests for jobs that are loaded together. */
const MAX_FAILURES = 10;
const RETRIES = { retries: 2, minTimeout: 500, maxTimeout: 4_000, factor: 2, randomize: true };
/** Longer ones are nowhere, and are not asked for: a URL has no room for them. */
const MAX_ADDRESS = 1_000;
/** No more requests than this run at a time, and no more than are sent in a second. */
const REQUESTS_AT_ONCE = 8;
/** So many answers are kept at once, so that an attempt that ends early has kept most of what it got. */
const KEPT_AT_ONCE = 100;

/**
 * A geocoder with Nominatim's answers, asked at most so often, and behind a cache. What fails is not cached. `requests` spaces the requests of all geocoders that
 * share it.
 */
export function httpGeocoder(
  options: HttpGeocoderOptions,
  cache: AddressCache,
  requests: RequestRate = new RequestRate(options.rate),
): AddressSource {
  const { url, rate, askingMs, requestMs = REQUEST_MS } = options;
  const atOnce = Math.min(REQUESTS_AT_ONCE, Math.ceil(rate));
  const cacheId = ({ key }: AddressNeed) => hash('sha256', `${url}\n${key}`, 'base64url');

  return {
    budget: () => ({ ms: askingMs, failures: MAX_FAILURES }),

    async find(needs, budget, signal) {
      const known = await cache.read(needs.map(cacheId));
      const answers = new Map<string, AddressAnswer>();
      const left: AddressNeed[] = [];
      for (const need of needs) {
        const point = known.get(cacheId(need));
        if (point !== undefined) answers.set(need.key, { point });
        else if (lengthOf(need.address) > MAX_ADDRESS) answers.set(need.key, { point: null });
        else left.push(need);
      }
      if (left.length === 0) return answers;
      const asking = new Asking(url, requests, budget, signal, requestMs);
      for (let start = 0; start < left.length; start += KEPT_AT_ONCE) {
        const found = await asking.all(left.slice(start, start + KEPT_AT_ONCE), atOnce);
        for (const [{ key }, answer] of found) answers.set(key, answer);
        const kept = [...found].filter(([, { fault }]) => fault === undefined);
        await cache.keep(new Map(kept.map(([need, { point }]) => [cacheId(need), point])));
      }
      asking.end();
      return answers;
    },
  };
}

function lengthOf(address: Address): number {
  return ADDRESS_PARTS.reduce((length, part) => length + (address[part]?.length ?? 0), 0);
}

/** Asks for addresses until the budget is spent. */
class Asking {
  readonly #deadline: number;
  /** Aborts at the deadline, and when the work must stop. */
  readonly #ending: AbortSignal;

  constructor(
    private readonly url: string,
    private readonly requests: RequestRate,
    private readonly budget: AskingBudget,
    private readonly signal: AbortSignal,
    private readonly requestMs: number,
  ) {
    this.#deadline = performance.now() + budget.ms;
    this.#ending = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(budget.ms))]);
  }

  /** Takes the time since the beginning from the budget. */
  end(): void {
    this.budget.ms = Math.max(0, this.#deadline - performance.now());
  }

  async all(needs: readonly AddressNeed[], atOnce: number): Promise<ReadonlyMap<AddressNeed, AddressAnswer>> {
    const answers = new Map<AddressNeed, AddressAnswer>();
    const left = needs.values();
    const askInTurn = async () => {
      for (const need of left) answers.set(need, await this.#ask(need));
    };
    await Promise.all(Array.from({ length: atOnce }, askInTurn));
    return answers;
  }

  async #ask({ address }: AddressNeed): Promise<AddressAnswer> {
    const url = urlOfAddress(this.url, address);
    if (url === null) return { point: null };
    try {
      const shouldRetry = ({ error }: { error: Error }) => error instanceof RequestFault && error.isRetriable;
      const point = await pRetry(() => this.#request(url), { ...RETRIES, signal: this.#ending, shouldRetry });
      return { point };
    } catch (error) {
      this.signal.throwIfAborted();
      const fault = this.#ending.aborted ? TOO_LATE : error;
      if (!(fault instanceof RequestFault)) throw error;
      return { point: null, fault: faultOf(address, fault) };
    }
  }

  async #request(url: URL): Promise<GeoPoint | null> {
    const { budget, requests } = this;
    if (budget.failures <= 0) throw TOO_MANY_FAILURES;
    const at = requests.take(this.#deadline);
    if (at === null) throw TOO_LATE;
    await sleep(Math.max(0, at - performance.now()), undefined, { signal: this.#ending });
    // Others may have failed meanwhile.
    if (budget.failures <= 0) throw TOO_MANY_FAILURES;
    try {
      return await this.#answer(url);
    } catch (error) {
      budget.failures -= 1;
      if (error instanceof RequestFault && error.retryAfterMs > 0) requests.hold(error.retryAfterMs);
      throw error;
    }
  }

  async #answer(url: URL): Promise<GeoPoint | null> {
    const { requestMs } = this;
    const timeOver = AbortSignal.timeout(requestMs);
    try {
      const text = await boundedGet(url, AbortSignal.any([this.#ending, timeOver]));
      return pointOfAnswer(text);
    } catch (error) {
      if (error !== timeOver.reason || !timeOver.aborted) throw error;
      throw new RequestFault(`it gave no answer within ${requestMs / 1_000} s`, true);
    }
  }
}

const TOO_LATE = new RequestFault('the time for asking it was over', false);
const TOO_MANY_FAILURES = new RequestFault(`${MAX_FAILURES} requests had failed, so it was not asked any more`, false);

function faultOf(address: Address, { message }: RequestFault): string {
  return `the geocoder has not placed ${briefJson(addressLine(address))}: ${message}; load the record again when it answers`;
}
