import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the embedded mongod is protected with. */
export interface MongodSecrets {
  readonly keyFile: string;
  readonly password: string;
}

/** The secrets in a data directory, readable by their owner alone; made at the first call. */
export async function mongodSecrets(dataDir: string): Promise<MongodSecrets> {
  const keyFile = join(dataDir, 'mongod-keyfile');
  await readOrMake(keyFile, () => randomBytes(512).toString('base64'));
  const password = await readOrMake(join(dataDir, 'mongod-password'), () => randomBytes(32).toString('base64url'));
  return { keyFile, password };
}

async function readOrMake(path: string, make: () => string): Promise<string> {
  try {
    await writeFile(path, make(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}
