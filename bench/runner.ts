import { note } from './note.js';
import type { Options } from './options.js';
import { type Servers, startServers } from './servers.js';
import { untilStopped } from './stopping.js';
import type { RowName, Store } from './targets.js';
import type { Bench, Measurement, Workload } from './workload.js';

/** After this time since its first round, a workload of a quick run begins no further one. */
const QUICK_MS = 8_000;

/** Runs workloads, and keeps what they measure. */
export class Runner {
  readonly measurements: Measurement[] = [];
  /** What could not be measured, and why. */
  readonly failures: string[] = [];
  readonly #origins = new Map<RowName, { workload: Workload; store: Store }>();
  #servers: Servers | undefined;

  constructor(
    private readonly options: Options,
    private readonly stopping: AbortSignal,
  ) {}

  /** Runs these workloads on a store. They share servers, except those that leave much behind. If one fails, the others still run. Throws, with all servers ended, once the benchmark must end. */
  async run(workloads: readonly Workload[], store: Store): Promise<void> {
    try {
      for (const workload of workloads.filter(({ stores }) => stores.includes(store))) {
        this.#servers ??= await startServers(store, this.stopping);
        note(`${workload.name} on ${store}`);
        const isDone = await this.#measure(workload, this.#servers);
        if (!isDone || workload.alone) await this.#close();
      }
    } finally {
      await this.#close();
    }
    this.stopping.throwIfAborted();
  }

  /** The workloads that measured these rows on a store. */
  workloadsOf(rows: readonly RowName[], store: Store): readonly Workload[] {
    const origins = rows.map((row) => this.#origins.get(row)).filter((origin) => origin?.store === store);
    return [...new Set(origins.flatMap((origin) => (origin ? [origin.workload] : [])))];
  }

  async #close(): Promise<void> {
    const servers = this.#servers;
    this.#servers = undefined;
    await servers?.close();
  }

  async #measure(workload: Workload, servers: Servers): Promise<boolean> {
    try {
      const measured = await untilStopped(this.stopping, () => workload.run(this.#benchOn(servers)));
      this.measurements.push(...measured);
      for (const { row } of measured) this.#origins.set(row, { workload, store: servers.store });
      return true;
    } catch (error) {
      this.stopping.throwIfAborted();
      console.error(error);
      this.failures.push(`${workload.name} on ${servers.store} failed`);
      return false;
    }
  }

  #benchOn(servers: Servers): Bench {
    const { rounds, isQuick, minutes, millions } = this.options;
    // What a workload prepares is not counted.
    let start: number | undefined;
    const hasTime = () => {
      start ??= performance.now();
      return !isQuick || performance.now() - start < QUICK_MS;
    };
    return {
      ...servers,
      hasRound: (after) => after < rounds && (hasTime() || after === 0),
      isQuick,
      minutes,
      millions,
      size: (quick, full) => (isQuick ? quick : full),
      note,
    };
  }
}
