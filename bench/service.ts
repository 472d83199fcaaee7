import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { serviceEnvironment } from './service-environment.js';
import { SluiceClient } from './sluice-client.js';

const API_KEY = 'a key only for this benchmark';
const JWT_SECRET = 'a secret of viewer tokens, only for this benchmark';
const SAMPLE_MS = 500;

/** What a process has used: CPU time since its start, resident memory now, and the delays of its event loop since `watch`. */
export interface Usage {
  readonly cpuMs: number;
  readonly megabytes: number;
  readonly p99DelayMs: number;
}

/** The service as a process of its own, as `npm start` runs it. */
export class BenchService {
  #child: ChildProcess | undefined;
  #client: SluiceClient | undefined;
  readonly #asking: ((usage: Usage) => void)[] = [];

  private constructor(
    private readonly settings: Readonly<Record<string, string>>,
    private readonly stopping: AbortSignal,
    /** How `stopping` ends it. */
    private readonly killSignal: NodeJS.Signals = 'SIGKILL',
  ) {}

  /** Starts it, and resolves once it is ready. It is killed when `stopping` aborts, whether or not it is ready: its data is thrown away, so it need not finish its work. */
  static async start(settings: Readonly<Record<string, string>>, stopping: AbortSignal): Promise<BenchService> {
    const service = new BenchService(settings, stopping);
    await service.#start();
    return service;
  }

  get client(): SluiceClient {
    if (!this.#client) throw new Error('the service does not run');
    return this.#client;
  }

  /** Stops it, does this work, and starts it again on its data. Returns the milliseconds from the start of the process until it is ready. */
  async restart(work = async () => undefined as unknown): Promise<number> {
    await this.stop();
    await work();
    return this.#start();
  }

  /** Starts another one that embeds a mongod, on the data of this one's, and stops both. Returns the milliseconds until it was ready. This one and its mongod must not run. */
  async embeddedStart(): Promise<number> {
    const { MONGODB_URL: _, ...settings } = this.settings;
    // Otherwise its mongod would go on.
    const service = new BenchService(settings, this.stopping, 'SIGTERM');
    try {
      return await service.#start();
    } finally {
      await service.stop();
    }
  }

  /** Starts another one on another database of the same mongod. */
  beside(database: string): Promise<BenchService> {
    const { MONGODB_URL: url = '' } = this.settings;
    const settings = { ...this.settings, MONGODB_URL: url.replace('/?', `/${database}?`) };
    return BenchService.start(settings, this.stopping);
  }

  /** CPU time that it uses while this work goes on, the most resident memory, and the 99th percentile of the delays of its event loop. */
  async watched(work: () => Promise<unknown>): Promise<Usage> {
    const before = await this.#ask('watch');
    let [isOver, megabytes] = [false, before.megabytes];
    const sampling = async () => {
      while (!isOver) {
        await setTimeout(SAMPLE_MS);
        megabytes = Math.max(megabytes, (await this.#ask('usage')).megabytes);
      }
    };
    const measuring = async () => {
      try {
        await work();
        return await this.#ask('rest');
      } finally {
        isOver = true;
      }
    };
    const [after] = await Promise.all([measuring(), sampling()]);
    return { ...after, cpuMs: after.cpuMs - before.cpuMs, megabytes };
  }

  /** CPU time so far. */
  async cpuMs(): Promise<number> {
    return (await this.#ask('usage')).cpuMs;
  }

  async stop(): Promise<void> {
    this.#client?.close();
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // `once` of Node.js would also reject with the error of a child that is killed by `stopping`.
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async #start(): Promise<number> {
    const env = serviceEnvironment({
      SLUICE_API_KEY: API_KEY,
      SLUICE_JWT_SECRET: JWT_SECRET,
      SLUICE_LOG_LEVEL: 'error',
      PORT: '0',
      ...this.settings,
    });
    const start = performance.now();
    const args = ['--max-semi-space-size=32', '--import', './bench/service-probe.mjs', 'dist/main.js'];
    this.#child = spawn(process.execPath, args, {
      env,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      signal: this.stopping,
      killSignal: this.killSignal,
    });
    this.#child.on('message', (usage: Usage) => this.#asking.shift()?.(usage));
    this.#client = new SluiceClient(await readyUrl(this.#child), API_KEY);
    return performance.now() - start;
  }

  async #ask(message: 'watch' | 'usage' | 'rest'): Promise<Usage> {
    if (!this.#child?.connected) throw new Error('the service does not run');
    this.#child.send(message);
    // Replies come in the order of the messages.
    return new Promise((resolve) => this.#asking.push(resolve));
  }
}

function readyUrl(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      const url = /Sluice is ready at (\S+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.on('error', reject);
    child.once('exit', () => reject(new Error(`the service ended: ${output}`)));
  });
}
