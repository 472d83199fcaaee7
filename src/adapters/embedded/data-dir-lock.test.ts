import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.js';
import { isAlive } from './data-dir-lock.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('a process', () => {
  let parent: ChildProcess | undefined;
  afterEach(() => void parent?.kill('SIGKILL'));

  onLinux('does not run any more when it has ended and nobody has asked for its end', async () => {
    // `sleep 60` takes the place of the shell and never asks.
    parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = parent.stdout ? await once(parent.stdout, 'data') : [];
    const pid = Number(String(line));
    expect(isAlive(pid)).toBe(true);
    await until('the other program', () => readFileSync(`/proc/${parent?.pid}/cmdline`, 'utf8').startsWith('sleep'));
    process.kill(pid, 'SIGKILL');
    await until('the end', () => !isAlive(pid));
    expect(() => process.kill(pid, 0)).not.toThrow();
  });
});
