import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceProcess } from '../support/service-process.js';

/** What goes wrong most often when somebody starts the service for the first time. */
describe('a start that cannot succeed', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sluice-mistake-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  /** What the service said: it must be one line, and nothing else may have been started. */
  async function refusal(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const service = ServiceProcess.start(dataDir, env);
    expect(await service.exited).toBe(1);
    expect(service.output).toBe('');
    expect(service.errors.trim()).not.toContain('\n');
    return service.errors.trim();
  }

  it('says that its port is in use, before it creates anything', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    expect(await refusal(join(home, 'data'), { PORT: port })).toMatch(`port ${port} of 127.0.0.1 is in use`);
    expect(await readdir(home)).toEqual([]);
    other.close();
  });

  it('says that its file of postal codes cannot be used', async () => {
    const file = join(home, 'codes.txt');
    const env = { SLUICE_POSTAL_CODES: file };
    expect(await refusal(join(home, 'data'), env)).toMatch(/SLUICE_POSTAL_CODES: .+ no such file/);
    await writeFile(file, 'a,b,c\n');
    expect(await refusal(join(home, 'data'), env)).toMatch(/no line has the form of GeoNames' postal codes; give/);
    expect(await readdir(home)).toEqual(['codes.txt']);
  });

  it('says that its data directory is a file', async () => {
    await writeFile(join(home, 'file'), '');
    expect(await refusal(join(home, 'file'))).toMatch(/is a file and not a folder; set SLUICE_DATA_DIR/);
  });

  it('says that it cannot write to its cache folder, if it has to fetch a mongod', async () => {
    await writeFile(join(home, 'file'), '');
    const env = { PATH: '', SLUICE_CACHE_DIR: join(home, 'file') };
    expect(await refusal(join(home, 'data'), env)).toMatch(/the cache folder .+ set SLUICE_CACHE_DIR/);
  });

  it('says that its disk is full', async () => {
    const full = join(home, 'full');
    await mkdir(full);
    const onCommand = pathToFileURL('test/support/use-full-disk.mjs').href;
    const env = { SLUICE_TEST_FULL_DISK: full, NODE_OPTIONS: `--import ${onCommand}` };
    const text = await refusal(join(home, 'data'), env);
    expect(text).toMatch(/the disk of .+data is full: 0 MB are free, and 16 MB are needed to start/);
  });
});
