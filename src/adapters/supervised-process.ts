import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';

/** A process that the service owns: it started the process, or took it over from an earlier run of the service. */
export interface OwnedProcess {
  /** Resolves once the process has ended, with how it ended: `exit code 14`, `signal SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends the process, and resolves once it has ended. */
  stop(): Promise<void>;
}

/** The time from the end of the process until it can be used again. */
export interface Outage {
  /** How it ended. */
  readonly how: string;
  /** How many starts have failed since. */
  readonly failedStarts: number;
}

export interface SupervisionOptions<P extends OwnedProcess> {
  /** The name of the process in messages, e.g. `the embedded MongoDB`. */
  readonly name: string;
  /** Restarts the process, and resolves once it can be used. Throws, with nothing left running, if it cannot be used or `signal` aborts. */
  readonly start: (signal: AbortSignal) => Promise<P>;
  /** What makes every start fail for now, e.g. a full disk; null if nothing is known. The supervisor waits until it is over, without a limit. */
  readonly obstacle: () => string | null;
  /** Called once, if the process cannot be kept running. */
  readonly giveUp: (reason: string) => void;
  readonly log: Readonly<Record<'info' | 'warn' | 'error', (text: string) => void>>;
  readonly pace?: SupervisionPace;
}

/** Each failure in a row doubles the wait before the next start; a process that has run for `steadyMs` resets the count. */
export interface SupervisionPace {
  readonly retries: number;
  readonly minTimeout: number;
  readonly maxTimeout: number;
  readonly steadyMs: number;
  readonly obstaclePollMs: number;
}

/** Eleven seconds of waits, plus the time that the attempts take. */
const PACE = { retries: 7, minTimeout: 100, maxTimeout: 5_000, steadyMs: 10_000, obstaclePollMs: 500 };

/**
 * Keeps a process running: if it ends, it is restarted, immediately if it ran for long enough, otherwise after a growing wait.
 *
 * ```
 * running ---- ends ----> [wait for the obstacle] --> start ----> running
 *                              ^                        | fails
 *                              +------- wait -----------+----> given up after 7 failures in a row
 * ```
 */
export class SupervisedProcess<P extends OwnedProcess> {
  readonly #stopping = new AbortController();
  readonly #pace: SupervisionPace;
  readonly #supervision: Promise<void>;
  #running: P | null;
  #outage: Outage | null = null;

  constructor(
    first: P,
    private readonly options: SupervisionOptions<P>,
  ) {
    this.#running = first;
    this.#pace = options.pace ?? PACE;
    this.#supervision = this.#supervise();
  }

  /** Null during an outage. */
  get running(): P | null {
    return this.#running;
  }

  /** Null while it runs, as far as is known. */
  get outage(): Outage | null {
    return this.#outage;
  }

  /** Whether the process is not expected back within seconds. */
  get isOutageLong(): boolean {
    return this.#outage !== null && (this.#outage.failedStarts > 0 || this.options.obstacle() !== null);
  }

  /** Ends the process, and its supervision. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running?.stop();
    await this.#supervision;
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    const shouldConsumeRetry = () => this.options.obstacle() === null;
    try {
      for (;;) await pRetry(() => this.#live(), { ...this.#pace, factor: 2, signal, shouldConsumeRetry });
    } catch (error) {
      if (signal.aborted) return;
      this.options.giveUp(`${this.options.name} cannot be kept running: ${messageOf(error)}`);
    }
  }

  /** One life of the process, from its start to its end. Throws if it was short. */
  async #live(): Promise<void> {
    const process = this.#running ?? (await this.#start());
    const startedAt = performance.now();
    const how = await process.ended;
    this.#running = null;
    this.#stopping.signal.throwIfAborted();
    this.#outage = { how, failedStarts: 0 };
    this.options.log.warn(`${this.options.name} has ended (${how}); it is being restarted`);
    if (performance.now() - startedAt < this.#pace.steadyMs)
      throw new Error(`it ended again and again, last with ${how}`);
  }

  async #start(): Promise<P> {
    const { name, log, start } = this.options;
    const { signal } = this.#stopping;
    await this.#obstacleGone();
    try {
      const started = await start(signal);
      // `stop` has seen no process then, and waits for this one to end.
      if (signal.aborted) await started.stop();
      signal.throwIfAborted();
      this.#running = started;
      this.#outage = null;
      log.info(`${name} is running again`);
      return started;
    } catch (error) {
      signal.throwIfAborted();
      if (this.#outage) this.#outage = { ...this.#outage, failedStarts: this.#outage.failedStarts + 1 };
      log.warn(`${name} could not be started: ${messageOf(error)}`);
      throw error;
    }
  }

  async #obstacleGone(): Promise<void> {
    const { name, obstacle, log } = this.options;
    const { signal } = this.#stopping;
    const first = obstacle();
    if (first === null) return;
    log.error(`${name} is not restarted until this is over: ${first}`);
    while (obstacle() !== null) await sleep(this.#pace.obstaclePollMs, undefined, { signal });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
