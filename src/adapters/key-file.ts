import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KeyFile } from '../ports/key-file.js';

/** The file of the first key in a data directory; readable by its owner alone. */
export function keyFilePath(dataDir: string): string {
  return join(dataDir, 'api-key');
}

export function keyFile(dataDir: string): KeyFile {
  const path = keyFilePath(dataDir);
  return {
    async read() {
      try {
        return (await readFile(path, 'utf8')).trim() || null;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(secret) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, `${secret}\n`, { mode: 0o600 });
    },
  };
}
