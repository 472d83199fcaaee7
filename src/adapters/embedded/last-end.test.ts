import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.js';
import { reasonToLook, recordEnd, recordingEnd } from './last-end.js';

/** The same with a real mongod: `embedded-start.test.ts`. */
describe('the recorded end of a mongod', () => {
  /** When the files were written last. Whole seconds: finer times cannot be set exactly. */
  const CLEAN = new Date('2026-01-01T12:00:00Z');
  const LATER = new Date('2026-01-01T12:00:01Z');
  const NO_RECORD = 'no clean end of it is recorded';
  const CHANGED = 'they, or its version, have changed since its last clean end';
  let home: string;
  let dataDir: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sluice-end-'));
    dataDir = join(home, 'data');
    await mkdir(file('journal'), { recursive: true });
    await writeFile(file('mongod.lock'), '');
    await writeFile(file('WiredTiger.turtle'), 'checkpoints');
    await writeFile(file('journal/WiredTigerLog.0000000004'), '');
    for (const name of ['mongod.lock', 'WiredTiger.turtle']) await utimes(file(name), CLEAN, CLEAN);
    await ended(CLEAN);
  });
  afterEach(() => rm(home, { recursive: true }));

  const file = (name: string) => join(dataDir, 'mongodb', name);
  const record = () => join(dataDir, 'mongod-end.json');
  const ended = (at: Date) =>
    writeFile(join(dataDir, 'mongod.log'), `no JSON\n${JSON.stringify({ t: { $date: at }, msg: 'Shutting down' })}\n`);

  it('is known as long as nothing has changed', async () => {
    expect(await reasonToLook(dataDir, '6.0.5')).toBe(NO_RECORD);
    await recordEnd(dataDir, '6.0.5');
    expect(await reasonToLook(dataDir, '6.0.5')).toBeNull();
  });

  it('is known once, so that the start after one that failed looks', async () => {
    await recordEnd(dataDir, '6.0.5');
    expect(await reasonToLook(dataDir, '6.0.5')).toBeNull();
    expect(await reasonToLook(dataDir, '6.0.5')).toBe(NO_RECORD);
  });

  it('is recorded before its mongod counts as stopped', async () => {
    const end = Promise.resolve('exit code 0');
    const stop = async () => void (await end);
    const mongod = { pid: 1, port: 1, binary: 'mongod', isRunning: () => false, ended: end, stop };
    await recordingEnd(mongod, dataDir, '6.0.5').stop();
    expect(await reasonToLook(dataDir, '6.0.5')).toBeNull();
  });

  /** Neither inode nor size nor time of the change show it. */
  const writeAgain = async (name: string) => {
    await writeFile(file(name), await readFile(file(name)));
    await utimes(file(name), CLEAN, CLEAN);
  };

  const changes: [string, () => Promise<void>, reason?: string][] = [
    ['the lock is written, even with what it held', () => writeFile(file('mongod.lock'), '')],
    ['the lock is written, and its time set', () => writeAgain('mongod.lock')],
    ['the turtle is written, and its time set', () => writeAgain('WiredTiger.turtle')],
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
    ['the record is gone', () => unlink(record()), NO_RECORD],
    ['the record is cut off', async () => writeFile(record(), (await readFile(record(), 'utf8')).slice(0, -1))],
  ];
  /** The clock by which the kernel says when files were changed ticks every few milliseconds. */
  async function clockOfFilesTicks(): Promise<void> {
    const { ctimeNs: before } = await stat(record(), { bigint: true });
    await until('the clock of files to tick', async () => {
      await writeFile(join(home, 'now'), '');
      return (await stat(join(home, 'now'), { bigint: true })).ctimeNs > before;
    });
  }

  it.each(changes)('is not known once %s', async (_, change, reason = CHANGED) => {
    await recordEnd(dataDir, '6.0.5');
    await clockOfFilesTicks();
    await change();
    expect(await reasonToLook(dataDir, '6.0.5')).toBe(reason);
  });

  it('is not known for another version, or for one that may not know the parameter', async () => {
    await recordEnd(dataDir, '6.0.5');
    expect(await reasonToLook(dataDir, '6.0.6')).toBe(CHANGED);
    await recordEnd(dataDir, '9.0.0');
    expect(await reasonToLook(dataDir, '9.0.0')).toBe('Sluice does not know MongoDB 9.0.0 yet');
  });

  const unrecorded: [string, () => Promise<void>][] = [
    [
      'it was not clean',
      async () => {
        await writeFile(file('mongod.lock'), '17\n');
        await ended(new Date(Date.now() + 1_000));
      },
    ],
    ['the lock has changed since', () => utimes(file('mongod.lock'), LATER, LATER)],
    ['the turtle has changed since', () => utimes(file('WiredTiger.turtle'), LATER, LATER)],
    ['its log does not say when', () => unlink(join(dataDir, 'mongod.log'))],
    ['the record cannot be written', () => mkdir(`${record()}.new`)],
  ];
  it.each(unrecorded)('is not recorded if %s', async (_, happens) => {
    await happens();
    await recordEnd(dataDir, '6.0.5');
    expect(await reasonToLook(dataDir, '6.0.5')).toBe(NO_RECORD);
  });
});
