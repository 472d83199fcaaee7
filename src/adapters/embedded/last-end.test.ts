import { cp, mkdir, mkdtemp, readFile, rename, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAsRecorded, recordEnd } from './last-end.js';

/** The same with a real mongod: `embedded-start.test.ts`. */
describe('the recorded end of a mongod', () => {
  let home: string;
  let dataDir: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sluice-end-'));
    dataDir = join(home, 'data');
    await mkdir(file('journal'), { recursive: true });
    await writeFile(file('mongod.lock'), '');
    await writeFile(file('WiredTiger.turtle'), 'checkpoints');
    await writeFile(file('journal/WiredTigerLog.0000000004'), '');
    await ended(new Date(Date.now() + 10));
  });
  afterEach(() => rm(home, { recursive: true }));

  const file = (name: string) => join(dataDir, 'mongodb', name);
  const record = () => join(dataDir, 'mongod-end.json');
  const ended = (at: Date) =>
    writeFile(join(dataDir, 'mongod.log'), `no JSON\n${JSON.stringify({ t: { $date: at }, msg: 'Shutting down' })}\n`);

  it('is known as long as nothing has changed', async () => {
    expect(await isAsRecorded(dataDir, '6.0.5')).toBe(false);
    await recordEnd(dataDir, '6.0.5');
    expect(await isAsRecorded(dataDir, '6.0.5')).toBe(true);
  });

  const changes: [string, () => Promise<void>][] = [
    ['the lock is written, even with what it held', () => writeFile(file('mongod.lock'), '')],
    ['the lock holds a process id', () => writeFile(file('mongod.lock'), '17\n')],
    ['the lock is gone', () => unlink(file('mongod.lock'))],
    [
      'the turtle is replaced by the same',
      async () => {
        await cp(file('WiredTiger.turtle'), file('new'), { preserveTimestamps: true });
        await rename(file('new'), file('WiredTiger.turtle'));
      },
    ],
    ['times are set', () => utimes(file('mongod.lock'), new Date(0), new Date(0))],
    [
      'the journal has a new file instead of the old one',
      () => rename(file('journal/WiredTigerLog.0000000004'), file('journal/WiredTigerLog.0000000005')),
    ],
    ['the journal is gone', () => rm(file('journal'), { recursive: true })],
    [
      'everything is a copy',
      async () => {
        await cp(dataDir, join(home, 'copy'), { recursive: true, preserveTimestamps: true });
        dataDir = join(home, 'copy');
      },
    ],
    ['the record is gone', () => unlink(record())],
    ['the record is cut off', async () => writeFile(record(), (await readFile(record(), 'utf8')).slice(0, -1))],
  ];
  it.each(changes)('is not known once %s', async (_, change) => {
    await recordEnd(dataDir, '6.0.5');
    expect(await isAsRecorded(dataDir, '6.0.5')).toBe(true);
    // The kernel's clock of files ticks every few milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await change();
    expect(await isAsRecorded(dataDir, '6.0.5')).toBe(false);
  });

  it('is not known for another version, or for one that may not know the parameter', async () => {
    await recordEnd(dataDir, '6.0.5');
    expect(await isAsRecorded(dataDir, '6.0.6')).toBe(false);
    await recordEnd(dataDir, '9.0.0');
    expect(await isAsRecorded(dataDir, '9.0.0')).toBe(false);
  });

  const unrecorded: [string, () => Promise<void>][] = [
    ['it was not clean', () => writeFile(file('mongod.lock'), '17\n')],
    ['files have changed since', () => ended(new Date(Date.now() - 1_000))],
    ['its log does not say when', () => unlink(join(dataDir, 'mongod.log'))],
    ['the record cannot be written', () => mkdir(`${record()}.new`)],
  ];
  it.each(unrecorded)('is not recorded if %s', async (_, happens) => {
    await happens();
    await recordEnd(dataDir, '6.0.5');
    expect(await isAsRecorded(dataDir, '6.0.5')).toBe(false);
  });
});
