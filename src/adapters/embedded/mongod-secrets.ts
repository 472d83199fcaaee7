import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
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
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = make();
  // In one step: what a full disk cut short would be taken for the secret by every later start.
  await writeFile(`${path}.new`, secret, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secret;
}
