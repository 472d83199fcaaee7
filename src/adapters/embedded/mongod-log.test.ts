import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastErrorIn } from './mongod-log.js';

describe("the reason in mongod's log", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const at = (second: number, s: string, msg: string, attr: unknown = {}) =>
    JSON.stringify({ t: { $date: new Date(second * 1000) }, s, c: 'X', id: 1, msg, attr });
  const dataFile = { error: 28, message: { error_str: 'No space left on device', error_code: 28 } };

  it.each([
    [
      'the first of the errors that ended it',
      [
        at(1, 'E', 'an old one', { error: 'not this' }),
        at(100, 'I', 'Waiting for connections'),
        at(101, 'E', 'WiredTiger error message', dataFile),
        at(101, 'E', 'WiredTiger error message', { error: -31804, message: { error_str: 'WT_PANIC' } }),
        at(102, 'F', 'Fatal assertion', { msgid: 50853 }),
      ],
      'WiredTiger error message: No space left on device',
    ],
    [
      'why a start was refused',
      [at(1, 'E', 'DBException in initAndListen, terminating', { error: 'DBPathInUse: another mongod is there' })],
      'DBException in initAndListen, terminating: DBPathInUse: another mongod is there',
    ],
    ['an error without a detail', [at(1, 'F', 'Fatal assertion', { msgid: 1 })], 'Fatal assertion'],
    ['nothing where there is no error', [at(1, 'I', 'fine'), 'not JSON', '{"t":'], null],
  ])('is %s', async (_what, lines, reason) => {
    const path = join(folder, 'mongod.log');
    await writeFile(path, `${lines.join('\n')}\n`);
    expect(await lastErrorIn(path)).toBe(reason);
  });

  it('is null if there is no log', async () => {
    expect(await lastErrorIn(join(folder, 'none'))).toBeNull();
  });
});
