import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The secrets that protect the embedded mongod. */
export interface MongodSecrets {
  readonly keyFile: string;
  readonly password: string;
}

/** Returns the secrets in a data directory, and creates them at the first call. Only their owner can read them. */
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
  // Written in one step: otherwise a full disk could leave a part of a secret, and every later start would use it.
  await writeFile(`${path}.new`, secret, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secret;
}
