import type { Deps } from './deps.js';

const MINUTE_MS = 60_000;

/** Records when keys are used, to the minute: one write a key, minute and process, for which no request waits. */
export class KeyUses {
  #minute = 0;
  readonly #noted = new Set<string>();

  constructor(private readonly deps: Pick<Deps, 'apiKeys' | 'clock' | 'reportError'>) {}

  note(keyId: string): void {
    const { apiKeys, clock, reportError } = this.deps;
    const minute = Math.floor(clock.now().getTime() / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#noted.clear();
    }
    if (this.#noted.has(keyId)) return;
    this.#noted.add(keyId);
    apiKeys
      .recordUse(keyId, new Date(minute * MINUTE_MS))
      .catch((error: unknown) => reportError(error, `recording that the API key ${keyId} was used`));
  }
}
