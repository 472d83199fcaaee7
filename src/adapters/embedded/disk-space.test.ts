import { describe, expect, it } from '@jest/globals';
import { diskShortage, shortageOf } from './disk-space.js';

const MB = 1024 * 1024;

describe('the shortage of a disk', () => {
  it.each([
    ['a large disk with a reserve', 100_000, 128, 1000, 10, null],
    ['a large disk with less', 100_000, 127, 1000, 10, '127 of 100000 MB are free, and 128 MB are kept in reserve'],
    ['a small disk with a twentieth free', 400, 20, 1000, 10, null],
    ['a small disk with less', 400, 19, 1000, 10, '19 of 400 MB are free, and 20 MB are kept in reserve'],
    ['a disk with nothing free', 400, 0, 1000, 10, '0 of 400 MB are free'],
    ['a disk that has no room for one more file', 400, 399, 1000, 0, 'it can hold no more files'],
    ['a disk that counts no files', 400, 399, 0, 0, null],
  ])('is reported for %s', (_disk, total, free, files, ffree, expected) => {
    const shortage = shortageOf('/data', { bsize: MB, blocks: total, bavail: free, files, ffree });
    if (expected === null) expect(shortage).toBeNull();
    else expect(shortage).toContain(expected);
    if (expected !== null) expect(shortage).toContain('the disk of /data is full');
  });

  it('is not reported if nothing is known', () => {
    expect(diskShortage('/no/such/folder')).toBeNull();
  });
});
