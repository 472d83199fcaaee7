import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KeyFile } from '../ports/key-file.js';
import { folderError } from './folder.js';

/** The file with the first key in a data directory. Only its owner can read it. */
export function keyFilePath(dataDir: string): string {
  return join(dataDir, 'api-key');
}

export function keyFile(dataDir: string): KeyFile {
  const path = keyFilePath(dataDir);
  const folder = { path: dataDir, name: 'data directory', variable: 'SLUICE_DATA_DIR' };
  return {
    async read() {
      try {
        return (await readFile(path, 'utf8')).trim() || null;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw await folderError(error, folder, path);
      }
    },
    async write(secret) {
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(path, `${secret}\n`, { mode: 0o600 });
      } catch (error) {
        throw await folderError(error, folder, path);
      }
    },
  };
}
