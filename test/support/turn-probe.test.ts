import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

describe('the probe of turns', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sluice-probe-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  /** What the probe notes of a process that does this. */
  async function noted(work: string): Promise<{ readonly longestMs: number; readonly mostBytes: number }> {
    const file = join(dir, 'turns.json');
    const told = `${work}; setTimeout(() => { process.kill(process.pid, 'SIGUSR2'); setTimeout(() => process.exit(), 100); }, 50);`;
    const env = { ...process.env, TURN_PROBE_FILE: file };
    const options = ['--import', './test/support/use-turn-probe.mjs', '-e', told];
    await promisify(execFile)(process.execPath, options, { env });
    return JSON.parse(await readFile(file, 'utf8'));
  }
  /** In CPU time, which a busy machine gives later. */
  const busy = (ms: number) =>
    `const begun = process.cpuUsage(); while (process.cpuUsage(begun).user < ${1_000 * ms});`;

  it('notices a long one, and not the time between many short ones', async () => {
    expect((await noted(`setTimeout(() => { ${busy(400)} }, 20)`)).longestMs).toBeGreaterThan(150);
    const short = `let n = 0; const go = () => { ${busy(5)} if (n++ < 60) setImmediate(go); }; setTimeout(go, 5)`;
    expect((await noted(short)).longestMs).toBeLessThan(100);
  });

  it('notices memory that is taken and given back within one of them', async () => {
    // As much as scrypt takes for 2 ** 17 steps of 16 blocks.
    const bytes = 2 ** 28;
    const scrypt = 'scryptSync("", "", 32, { N: 2 ** 17, r: 16, maxmem: 2 ** 30 })';
    const { mostBytes } = await noted(`setTimeout(() => { require("node:crypto").${scrypt}; }, 20)`);
    expect(mostBytes).toBeGreaterThan(bytes);
    expect(mostBytes).toBeLessThan(2 * bytes);
  });

  it('does not count the memory of the process that started it', async () => {
    const others = Buffer.alloc(2 ** 28, 1);
    const { mostBytes } = await noted('undefined');
    expect(mostBytes).toBeGreaterThan(0);
    expect(mostBytes).toBeLessThan(others.length);
  });
});
