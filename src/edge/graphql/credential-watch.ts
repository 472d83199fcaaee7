import type { Caller } from '../../domain/security/caller.js';

/** A revocation takes effect within a second, with the time of the query. */
const CHECK_EVERY_MS = 500;

export interface CredentialWatchDeps {
  /** The callers among these whose credentials are still good; one query for all of them. */
  readonly stillValid: (callers: readonly Caller[]) => Promise<ReadonlySet<Caller>>;
  readonly reportError: (error: unknown, doing: string) => void;
}

interface Watched {
  readonly caller: Caller;
  readonly end: () => void;
}

/**
 * Ends what runs for callers whose credentials expire or are revoked, in whatever process that happens. It asks only while something runs:
 *
 * ```
 * revoked in the database        v
 * checks, one query each   |----------|----------|
 * end() is called                     ^ at most 500 ms later, and the time of the query
 * ```
 *
 * While the database cannot be reached, only expired credentials end.
 */
export class CredentialWatch {
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(private readonly deps: CredentialWatchDeps) {}

  /** Calls `end` once the credential of the caller is no longer good. Returns a function that stops watching. */
  add(caller: Caller, end: () => void): () => void {
    const watched = { caller, end };
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#check(), CHECK_EVERY_MS).unref();
    return () => this.#remove(watched);
  }

  #remove(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #end(watched: Watched): void {
    this.#remove(watched);
    watched.end();
  }

  #check(): void {
    const now = Date.now();
    for (const watched of this.#watched) {
      const { expiresAt } = watched.caller;
      if (expiresAt !== null && expiresAt.getTime() <= now) this.#end(watched);
    }
    if (!this.#isAsking && this.#watched.size > 0) void this.#ask();
  }

  async #ask(): Promise<void> {
    const { stillValid, reportError } = this.deps;
    this.#isAsking = true;
    try {
      const asked = [...this.#watched];
      const valid = await stillValid(asked.map(({ caller }) => caller));
      for (const watched of asked) {
        if (!valid.has(watched.caller) && this.#watched.has(watched)) this.#end(watched);
      }
    } catch (error) {
      reportError(error, 'checking the credentials of websockets');
    } finally {
      this.#isAsking = false;
    }
  }
}
