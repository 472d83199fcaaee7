import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../../ports/startup-error.js';

/** The states of a process that has ended: zombie, and dead. */
const ENDED = ['Z', 'X'];

const holder = z.object({ pid: z.number(), startedAt: z.string().nullable() });

/**
 * Locks a data directory for this process, and returns a function that unlocks it. A lock of a process that no longer runs, because it was killed for instance, is
 * taken over. Throws StartupError while another process has the lock.
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'service.lock');
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) });
  try {
    await writeFile(path, mine, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await refuseIfHeld(path, dataDir);
    await writeFile(path, mine, { mode: 0o600 });
  }
  return () => rm(path, { force: true });
}

async function refuseIfHeld(path: string, dataDir: string): Promise<void> {
  const found = holder.safeParse(parsed(await readFile(path, 'utf8')));
  if (!found.success || found.data.pid === process.pid) return;
  const { pid, startedAt } = found.data;
  if (!isAlive(pid) || startOf(pid) !== startedAt) return;
  throw new StartupError(
    `the data directory ${dataDir} is in use by the service with process id ${pid}; stop that one, or set SLUICE_DATA_DIR to another directory`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a process with this id runs. One that has ended still has its id until its parent has asked for its end, which in a container may be never. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !ENDED.includes(statOf(pid)?.[0] ?? '');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, as the kernel writes it: the system uses ids again, but never with the same start time. Null if the system does not tell. */
function startOf(pid: number): string | null {
  return statOf(pid)?.[19] ?? null;
}

/** What Linux says of a process, from its state on (proc_pid_stat(5), the third field). Null if the system does not tell. */
function statOf(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
