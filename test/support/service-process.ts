import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledPath } from './programs.js';

const TYPESCRIPT = ['--import', '@swc-node/register/esm-register'];

/** A service in a separate process, as `npm start` runs it. */
export class ServiceProcess {
  output = '';
  errors = '';
  readonly exited: Promise<number | null>;
  #wake: (() => void) | undefined;

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk) => {
      this.output += chunk;
      this.#wake?.();
    });
    child.stderr?.on('data', (chunk) => {
      this.errors += chunk;
    });
    this.exited = once(child, 'close').then(([code]) => {
      this.#wake?.();
      return code;
    });
  }

  /** Starts the service on a free port, with these options of Node.js; it is not ready yet. */
  static start(dataDir: string, env: NodeJS.ProcessEnv = {}, options: readonly string[] = []): ServiceProcess {
    const settings = { ...process.env, PORT: '0', SLUICE_DATA_DIR: dataDir, SLUICE_LOG_LEVEL: 'warn', ...env };
    return new ServiceProcess(
      spawn(process.execPath, [...options, compiledPath('src/main.ts')], { env: settings, stdio: 'pipe' }),
    );
  }

  /** Resolves once the service says that it is ready, with its URL. Throws when it ends before. */
  async ready(): Promise<string> {
    for (;;) {
      const url = /Sluice is ready at (\S+)/.exec(this.output)?.[1];
      if (url !== undefined && this.output.includes('Ctrl-C')) return url;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the service ended: ${this.output}${this.errors}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends a signal and resolves with the exit code once the process has ended. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}

/** Runs one of the project's programs, and returns what it printed. */
export async function runProgram(
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; output: string; errors: string }> {
  return run(process.execPath, [...TYPESCRIPT, ...args], env);
}

/** Runs a shell script, and returns what it printed. */
export async function runShell(
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; output: string; errors: string }> {
  return run('bash', ['-c', script], env);
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), output, errors };
}

/** The process id of the mongod that a service keeps for a data directory. */
export async function mongodPid(dataDir: string): Promise<number> {
  return JSON.parse(await readFile(join(dataDir, 'mongod.json'), 'utf8')).pid;
}
