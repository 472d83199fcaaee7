import { auditCallerOf } from '../domain/security/audit.js';
import type { Caller } from '../domain/security/caller.js';
import { type Refusal, refusalOf } from '../domain/security/refusal.js';
import type { RefusalCount } from '../ports/refusal-log.js';
import type { Deps } from './deps.js';

const MINUTE_MS = 60_000;
/** Reasons, callers and addresses that one process counts apart between two writes. An attack from more addresses than this must cost no memory and fill no disk. */
const MAX_COUNTED_APART = 200;

/**
 * Notes the refusals among the errors that a request ends with, each reason once. `caller` is null if nobody knows who it was. Returns at once, and writes nothing.
 */
export type NoteRefusals = (errors: readonly unknown[], caller: Caller | null, address: string) => void;

/**
 * Counts refusals in memory, and adds the counts to the stored ones every minute: a refusal costs no write of its own. If that fails, they are lost, which is reported;
 * to add them again could count them twice.
 */
export class RefusalCounter {
  #counts = new Map<string, RefusalCount>();

  constructor(private readonly deps: Pick<Deps, 'refusals' | 'clock' | 'reportError'>) {}

  readonly note: NoteRefusals = (errors, caller, address) => {
    const refusals = errors.map((error) => refusalOf(error, caller)).filter((one) => one !== null);
    const byReason = new Map(refusals.map((one) => [one.reason, one]));
    for (const refusal of byReason.values()) this.#count(refusal, address);
  };

  /** Adds what was counted to the stored counts. */
  async flush(): Promise<void> {
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    try {
      await this.deps.refusals.add(counts);
    } catch (error) {
      const sum = counts.reduce((all, { count }) => all + count, 0);
      this.deps.reportError(error, `storing the counts of ${sum} refusals, which are lost,`);
    }
  }

  /** Flushes every minute. Returns a function that stops this, and flushes a last time. */
  start(): () => Promise<void> {
    const timer = setInterval(() => void this.flush(), MINUTE_MS);
    return () => {
      clearInterval(timer);
      return this.flush();
    };
  }

  #count({ reason, caller }: Refusal, address: string): void {
    const minute = new Date(Math.floor(this.deps.clock.now().getTime() / MINUTE_MS) * MINUTE_MS);
    const apart = { minute, reason, caller: caller && auditCallerOf(caller), address };
    if (this.#add(apart)) return;
    // There are as many of these as reasons and minutes.
    this.#add({ ...apart, caller: null, address: null });
  }

  /** False if this would be one more than are counted apart. */
  #add(what: Omit<RefusalCount, 'count'>): boolean {
    const { minute, reason, caller, address } = what;
    const key = JSON.stringify([minute.getTime(), reason, caller?.kind, caller?.id, address]);
    const known = this.#counts.get(key);
    if (!known && address !== null && this.#counts.size >= MAX_COUNTED_APART) return false;
    this.#counts.set(key, { ...what, count: (known?.count ?? 0) + 1 });
    return true;
  }
}
