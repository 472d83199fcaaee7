import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { chmod, cp, lchown, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Distribution } from './distribution.js';

/** Elasticsearch refuses to run as root: then it runs as nobody. */
const NOBODY = 65_534;
const START_MS = 120_000;

export interface ElasticsearchOptions {
  readonly port?: number;
  /** The server has little to do: without full compilation it starts in half the time, and works more slowly. */
  readonly isBrief?: boolean;
  /** Settings in addition to those of every test server. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called with the server's configuration folder before it starts. */
  readonly configure?: (configDir: string) => Promise<void>;
  /** Whether the server can be used; checked repeatedly while it starts. */
  readonly isUp?: (url: string) => Promise<boolean>;
}

/** A real Elasticsearch with one node in its own folder. */
export class ElasticsearchServer {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly distribution: Distribution,
    private readonly folder: string,
    private readonly port: number,
    private readonly options: ElasticsearchOptions,
  ) {}

  static async start(distribution: Distribution, options: ElasticsearchOptions = {}): Promise<ElasticsearchServer> {
    if (options.port !== undefined) await refuseTaken(options.port);
    const folder = await mkdtemp(join(tmpdir(), 'sluice-elasticsearch-'));
    const server = new ElasticsearchServer(distribution, folder, options.port ?? (await freePort()), options);
    await server.#prepare();
    await server.run();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it on its data, and resolves once it responds to searches. */
  async run(): Promise<void> {
    const log = openSync(join(this.folder, 'output'), 'a');
    const child = spawn(join(this.distribution.home, 'bin', 'elasticsearch'), await this.#args(), {
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        ES_JAVA_HOME: this.distribution.javaHome,
        ES_JAVA_OPTS: `-Xms512m -Xmx512m${this.options.isBrief ? ' -XX:TieredStopAtLevel=1' : ''}`,
        ES_PATH_CONF: join(this.folder, 'config'),
        // A server that is killed leaves these behind.
        ES_TMPDIR: join(this.folder, 'tmp'),
        CLI_JAVA_OPTS: `-Djava.io.tmpdir=${join(this.folder, 'tmp')}`,
      },
      ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
    });
    this.#child = child;
    const { isUp = answersSearches } = this.options;
    for (const end = performance.now() + START_MS; !(await isUp(this.url).catch(() => false)); ) {
      if (child.exitCode !== null || performance.now() > end) {
        const output = await readFile(join(this.folder, 'output'), 'utf8');
        throw new Error(`Elasticsearch did not start: ${output.slice(-2_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Signals the launcher and its server, which have their own process group; SIGKILL ends them like a power failure. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid, signal);
    await exited;
  }

  /** Ends it immediately, because the process that started it ends. */
  kill(): void {
    if (this.#child?.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
  }

  /** Ends it and removes its data. */
  async close(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #prepare(): Promise<void> {
    const config = join(this.folder, 'config');
    await cp(join(this.distribution.home, 'config'), config, { recursive: true });
    for (const name of ['data', 'logs', 'tmp']) await mkdir(join(this.folder, name));
    await this.options.configure?.(config);
    if (process.getuid?.() !== 0) return;
    await chmod(this.folder, 0o755);
    for (const name of ['', ...(await readdir(this.folder, { recursive: true }))]) {
      await lchown(join(this.folder, name), NOBODY, NOBODY);
    }
  }

  async #args(): Promise<string[]> {
    const settings = {
      'xpack.security.enabled': 'false',
      'discovery.type': 'single-node',
      'network.host': '127.0.0.1',
      'http.port': String(this.port),
      'transport.port': String(await freePort()),
      'path.data': join(this.folder, 'data'),
      'path.logs': join(this.folder, 'logs'),
      'cluster.routing.allocation.disk.threshold_enabled': 'false',
      'cluster.max_shards_per_node': '20000',
      ...this.options.settings,
    };
    return Object.entries(settings).map(([name, value]) => `-E${name}=${value}`);
  }
}

/** Whether an Elasticsearch accepts searches. Waits for it for a second; the start asks again. */
export async function answersSearches(url: string): Promise<boolean> {
  const response = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`);
  return response.ok && ((await response.json()) as { timed_out: boolean }).timed_out === false;
}

/** Checks the port first: otherwise another program on it would look like the new server. */
async function refuseTaken(port: number): Promise<void> {
  await portOf(port).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    throw new Error(`port ${port} is taken; stop what listens there, perhaps an Elasticsearch started before`, {
      cause,
    });
  });
}

const freePort = () => portOf(0);

/** Listens on a port for a moment; 0 means any free port. */
async function portOf(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
