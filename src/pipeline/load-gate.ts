import type { Clock } from '../ports/clock.js';

/** How long other loads wait at most until a suspected group is alone. It does not wait for loads that have run for longer. */
const DRAIN_MS = 10_000;
/** How long other loads wait for a group that is loaded alone. Crashes and stalls come sooner, except in long reloads, which must not keep other lanes waiting. */
const ALONE_MS = 60_000;

/** Whether a load waits for a server at the moment. Then its process can end without counting as an interruption of it. */
type IsWaiting = () => boolean;

interface RunningLoad {
  readonly since: number;
  readonly isWaiting: IsWaiting;
}

/**
 * Admits loads of groups in one process: any number together, or a suspected one alone, so that it cannot take others with it if it ends the process.
 *
 * ```
 * others   |-- group --|          closed           |-- group --|-- ...
 * suspect      | asks  |-- alone, at most 60 s --|
 * ```
 *
 * Invariant: nobody waits here for long. A suspected group that finds a long load is turned away, and the gate stays open.
 */
export class LoadGate {
  readonly #running = new Set<RunningLoad>();
  /** The suspected load for which the gate is closed. */
  #closedFor: RunningLoad | null = null;
  #openWaiters: (() => void)[] = [];
  #onLeave: (() => void) | null = null;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  /** Resolves when no load is alone, or about to be. */
  async whenOpen(): Promise<void> {
    while (this.#closedFor !== null) await new Promise<void>((resolve) => this.#openWaiters.push(resolve));
  }

  /** Admits a load as soon as the gate is open. The returned function ends it. */
  async enter(isWaiting: IsWaiting): Promise<() => void> {
    await this.whenOpen();
    const load = { since: this.clock.monotonicMs(), isWaiting };
    this.#running.add(load);
    return () => this.#leave(load);
  }

  /** Admits a load once no other runs, except such as wait for a server. Null if that takes too long. The returned function ends the load. */
  async enterAlone(isWaiting: IsWaiting): Promise<(() => void) | null> {
    if (this.#closedFor !== null || this.#busy().some(({ since }) => this.clock.monotonicMs() - since > DRAIN_MS))
      return null;
    const load = { since: this.clock.monotonicMs(), isWaiting };
    this.#closedFor = load;
    if (!(await this.#drained())) {
      this.#open(load);
      return null;
    }
    this.#running.add(load);
    const opening = setTimeout(() => this.#open(load), ALONE_MS);
    return () => {
      clearTimeout(opening);
      this.#leave(load);
      this.#open(load);
    };
  }

  #busy(): RunningLoad[] {
    return [...this.#running].filter(({ isWaiting }) => !isWaiting());
  }

  /** Resolves with true once no load is busy, or with false if that takes too long. */
  async #drained(): Promise<boolean> {
    if (this.#busy().length === 0) return true;
    return new Promise((resolve) => {
      const end = (isDrained: boolean) => {
        clearTimeout(timeout);
        this.#onLeave = null;
        resolve(isDrained);
      };
      const timeout = setTimeout(() => end(false), DRAIN_MS);
      this.#onLeave = () => {
        if (this.#busy().length === 0) end(true);
      };
    });
  }

  #leave(load: RunningLoad): void {
    this.#running.delete(load);
    this.#onLeave?.();
  }

  #open(load: RunningLoad): void {
    if (this.#closedFor !== load) return;
    this.#closedFor = null;
    for (const resolve of this.#openWaiters.splice(0)) resolve();
  }
}
