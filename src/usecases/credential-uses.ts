import type { Deps } from './deps.js';

const MINUTE_MS = 60_000;

export interface CredentialUsesDeps extends Pick<Deps, 'clock' | 'reportError'> {
  /** Where uses are recorded. */
  readonly uses: { recordUse(id: string, at: Date): Promise<void> };
}

/** Records when API keys or push URLs are used, to the minute: one write a credential, minute and process, for which no request waits. */
export class CredentialUses {
  #minute = 0;
  readonly #noted = new Set<string>();

  constructor(
    private readonly kind: 'API key' | 'push URL',
    private readonly deps: CredentialUsesDeps,
  ) {}

  note(id: string): void {
    const { uses, clock, reportError } = this.deps;
    const minute = Math.floor(clock.now().getTime() / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#noted.clear();
    }
    if (this.#noted.has(id)) return;
    this.#noted.add(id);
    uses
      .recordUse(id, new Date(minute * MINUTE_MS))
      .catch((error: unknown) => reportError(error, `recording that the ${this.kind} ${id} was used`));
  }
}
