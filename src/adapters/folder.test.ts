import { chmod, chown, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError } from '../ports/startup-error.js';
import { checkFilesOf, folderError, prepareFolder } from './folder.js';

const NOBODY = 65_534;

describe('a folder of the service', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sluice-folder-'));
    await chmod(home, 0o755);
  });
  afterEach(() => rm(home, { recursive: true }));

  const folderAt = (path: string) => ({ path, name: 'data directory', variable: 'SLUICE_DATA_DIR' });

  /** Does something as somebody whom root's files and modes stop; root itself is stopped by none. */
  async function asNobody(work: () => Promise<void>): Promise<void> {
    if (process.getuid?.() !== 0) return work();
    process.seteuid?.(NOBODY);
    await work().finally(() => process.seteuid?.(0));
  }

  const refusal = (work: Promise<void>) =>
    work.then(
      () => 'accepted',
      (error: unknown) => (error instanceof StartupError ? error.message : `not a refusal: ${error}`),
    );

  it('is created if it is missing, and left empty', async () => {
    const folder = folderAt(join(home, 'a/b'));
    await prepareFolder(folder);
    await checkFilesOf(folder, folder.path);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it.each(['file', 'file/below'])('is refused if it is a file, or inside one (%s)', async (name) => {
    await writeFile(join(home, 'file'), '');
    const text = await refusal(prepareFolder(folderAt(join(home, name))));
    expect(text).toMatch(/^the data directory .+ is a file and not a folder; set SLUICE_DATA_DIR/);
  });

  it('is refused if this user may not write to it, and the owner is named', async () => {
    const path = join(home, 'theirs');
    await mkdir(path, { mode: 0o500 });
    await asNobody(async () => {
      const text = await refusal(prepareFolder(folderAt(path)));
      expect(text).toMatch(/runs as user \d+, may not read and write .+theirs, which belongs to user \d+; .*chown/);
      expect(text).not.toContain('\n');
    });
  });

  it('is refused when a file in it belongs to another user', async () => {
    const path = join(home, 'mixed');
    await mkdir(path);
    await writeFile(join(path, 'mine'), '');
    await writeFile(join(path, 'theirs'), '', { mode: 0o400 });
    if (process.getuid?.() === 0) for (const name of ['', 'mine']) await chown(join(path, name), NOBODY, NOBODY);
    await asNobody(async () => {
      expect(await refusal(checkFilesOf(folderAt(path), path))).toMatch(/may not read and write .+mixed\/theirs/);
    });
  });

  it('may lose a file while it is checked', async () => {
    await symlink('gone', join(home, 'a-link'));
    await writeFile(join(home, 'file'), '');
    expect(await refusal(checkFilesOf(folderAt(home), home))).toBe('accepted');
  });

  it.each([
    ['ENOSPC', 'its disk is full; free some space'],
    ['EDQUOT', 'its disk is full; free some space'],
    ['EROFS', 'its disk is mounted read-only'],
  ])('is refused in one line when the file system says %s', async (code, reason) => {
    const error = await folderError(Object.assign(new Error('x'), { code }), folderAt('/data'));
    expect(error).toBeInstanceOf(StartupError);
    expect(String(error)).toContain(reason);
  });

  it('does not change an error of another kind', async () => {
    const error = new TypeError('x');
    expect(await folderError(error, folderAt('/data'))).toBe(error);
  });
});
