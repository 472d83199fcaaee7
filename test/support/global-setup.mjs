// Jest loads this file without transforming it: the register lets it import the TypeScript of the service.
import '@swc-node/register/esm-register';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { startEmbeddedMongod } = await import('../../src/adapters/embedded/start-embedded-mongod.ts');
const { compilePrograms } = await import('./programs.ts');

/** Compiles what tests start, and starts one throw-away mongod for the run, as the service itself would start its own. */
export default async function globalSetup() {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  const onProgress = (line) => process.stderr.write(`${line}\n`);
  const mongod = await startEmbeddedMongod({
    dataDir,
    cacheDir: process.env.SLUICE_CACHE_DIR,
    onProgress,
    log: console,
  });
  process.env.SLUICE_TEST_MONGODB_URL = mongod.url;
  const programs = await compilePrograms();
  process.env.SLUICE_TEST_PROGRAMS = programs.folder;
  globalThis.removeTestPrograms = () => programs.remove();
  globalThis.stopTestMongod = async () => {
    await mongod.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void mongod.stop());
}
