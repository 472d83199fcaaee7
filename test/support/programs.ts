import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { transformFile } from '@swc/core';

/** Below node_modules, so that what is compiled finds its packages. */
const FOLDER = 'node_modules/.cache';
const SOURCES = ['src', 'test/support', 'test/generated'];

/** The service and the tests' own programs, compiled. */
export interface CompiledPrograms {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Compiles what tests start in separate processes, once for the run. Compiling at every start, about a hundred times in a run, would take longer than the starts
 * themselves.
 */
export async function compilePrograms(): Promise<CompiledPrograms> {
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(FOLDER, 'sluice-programs-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(resolve('geodata'), join(folder, 'geodata'));
  const found = await Promise.all(SOURCES.map((source) => readdir(source, { recursive: true, withFileTypes: true })));
  const files = found.flat().map(({ parentPath, name }) => join(parentPath, name));
  await Promise.all(files.filter((path) => /(?<!\.test)\.ts$/.test(path)).map((path) => compile(path, folder)));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function compile(path: string, folder: string): Promise<void> {
  const { code } = await transformFile(path, { sourceMaps: false });
  const target = compiledPath(path, folder);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, code);
}

/** Where a source file is after the compilation. */
export function compiledPath(path: string, folder = process.env.SLUICE_TEST_PROGRAMS): string {
  if (folder === undefined) {
    throw new Error('nothing is compiled: test/support/global-setup.mjs does it for npm test');
  }
  return join(folder, path.replace(/\.ts$/, '.js'));
}
