import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it('the probe of turns notices a long one, and not the time between many short ones', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-probe-'));
  const file = join(dir, 'turns.json');
  const longestOf = async (work: string) => {
    const told = `${work}; setTimeout(() => { process.kill(process.pid, 'SIGUSR2'); setTimeout(() => process.exit(), 100); }, 50);`;
    const env = { ...process.env, TURN_PROBE_FILE: file };
    await promisify(execFile)(process.execPath, ['--import', './test/support/use-turn-probe.mjs', '-e', told], { env });
    return JSON.parse(await readFile(file, 'utf8')).longestMs as number;
  };
  const busy = (ms: number) => `const end = performance.now() + ${ms}; while (performance.now() < end);`;
  expect(await longestOf(`setTimeout(() => { ${busy(400)} }, 20)`)).toBeGreaterThan(150);
  expect(
    await longestOf(`let n = 0; const go = () => { ${busy(5)} if (n++ < 60) setImmediate(go); }; setTimeout(go, 5)`),
  ).toBeLessThan(100);
  await rm(dir, { recursive: true });
});
