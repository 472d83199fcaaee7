import { accessSync, closeSync, constants, openSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../ports/startup-error.js';

/** A folder that the service needs, with names that its operator knows. */
export interface Folder {
  readonly path: string;
  /** E.g. `data directory`. */
  readonly name: string;
  /** The variable that sets another folder. */
  readonly variable: string;
}

const WHOLE = constants.R_OK | constants.W_OK;

/** Creates a folder unless it exists, and checks that this process can write to it. Throws StartupError, one line that says what to do. */
export async function prepareFolder(folder: Folder): Promise<void> {
  const probe = join(folder.path, `.probe-${process.pid}`);
  try {
    await mkdir(folder.path, { recursive: true, mode: 0o700 });
    await writeFile(probe, 'x'.repeat(4096));
  } catch (error) {
    throw await folderError(error, folder);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/**
 * Checks that this process can read and write the entries of a folder, but not deeper: a start by another user leaves files that we do not own. 10,000 datasets have
 * 30,000 files: with a promise for each step, the way to a thread and back takes most of the time.
 */
export async function checkFilesOf(folder: Folder, path: string): Promise<void> {
  for (const name of readdirSync(path)) {
    const file = join(path, name);
    try {
      refuseUnusable(file);
    } catch (error) {
      // The file existed a moment ago: a temporary file of another process.
      if (codeOf(error) !== 'ENOENT') throw await folderError(error, folder, file);
    }
  }
}

function refuseUnusable(path: string): void {
  if (statSync(path).isDirectory()) accessSync(path, WHOLE);
  else closeSync(openSync(path, 'r+'));
}

/** Turns an error of the file system about `path` into a StartupError; returns every other error unchanged. */
export async function folderError(error: unknown, folder: Folder, path = folder.path): Promise<unknown> {
  const reason = await reasonOf(codeOf(error), folder, path);
  if (reason === null) return error;
  return new StartupError(`the ${folder.name} ${folder.path} cannot be used: ${reason}`, { cause: error });
}

async function reasonOf(code: string | undefined, { variable }: Folder, path: string): Promise<string | null> {
  const another = `set ${variable} to another folder`;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `${await ownershipOf(path)}; give it to this user (chown -R), or ${another}`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `it, or a folder above it, is a file and not a folder; ${another}`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `its disk is full; free some space on it, or ${another}`;
    case 'EROFS':
      return `its disk is mounted read-only; ${another}`;
    case 'ENOENT':
      return `it is missing and cannot be created there; ${another}`;
    default:
      return null;
  }
}

async function ownershipOf(path: string): Promise<string> {
  const self = `this process, which runs as user ${process.getuid?.() ?? 'unknown'}, may not read and write`;
  try {
    return `${self} ${path}, which belongs to user ${(await stat(path)).uid}`;
  } catch {
    return `${self} ${path}`;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
