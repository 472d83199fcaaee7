import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWatchedService, type WatchedService } from '../support/watched-service.js';

const PUSHES = 2_500;
const AT_ONCE = 50;

/** What others add to an object in this way: Node.js for each module that it reads, and the driver for each command. */
const OF_OTHERS = ['encoding', 'validation'];

/** A line of the log of V8 for a member that was added to an object, so that a hidden class was made for it. */
const ADDED = /^map,Transition,\d+,\w+,\w+,\w+,(?<place>\d+,\d+),\w*,(?<member>\w+)$/;

/** How often hidden classes were made: by line, column (of the caller, if a function is inlined; the log names no files) and member. */
async function addedIn(log: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const line of (await readFile(log, 'utf8')).split('\n')) {
    const { place, member } = ADDED.exec(line)?.groups ?? {};
    if (member === undefined || OF_OTHERS.includes(member)) continue;
    counts.set(`${place} ${member}`, (counts.get(`${place} ${member}`) ?? 0) + 1);
  }
  return counts;
}

describe('a service under load', () => {
  let folder: string;
  let log: string;
  let service: WatchedService;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-classes-'));
    log = join(folder, 'maps.log');
    const logging = ['--log-maps', '--no-log-maps-details', '--no-logfile-per-isolate', `--logfile=${log}`];
    service = await startWatchedService(undefined, logging);
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function pushed(id: string, records: object | readonly object[], method = 'REPLACE') {
    const path = `/dataload/${id}?wait=60&documentUpdateMethod=${method}`;
    const response = await service.post(path, JSON.stringify(records));
    expect(response.status).toBe(200);
  }

  // On Node.js 24, V8 shares the classes of all such objects.
  it('makes no hidden class of its own for a push, or for a record that is upserted', async () => {
    const id = await service.dataset({ n: 1, text: 'a' });
    const pushing = Array.from({ length: AT_ONCE }, async () => {
      for (let n = 0; n < PUSHES / AT_ONCE; n += 1) {
        const response = await service.post(`/dataload/${id}`, JSON.stringify({ n, text: 'b' }));
        expect(response.status).toBe(202);
      }
    });
    await Promise.all(pushing);
    await pushed(id, { n: 1, text: 'c' });

    const identified = await service.dataset({ n: 1, text: 'a' });
    const columns = '[{ id: "n", uniqueIdentifier: true }]';
    const edit = `updateDesign(datasetId: "${identified}", input: { expectedRevision: 1, columns: ${columns} }) { id }`;
    await service.graphql(
      `mutation { ${edit} applyChanges(datasetId: "${identified}", waitSeconds: 60) { dataset { id } } }`,
    );
    for (const text of ['b', 'c']) {
      const records = Array.from({ length: PUSHES }, (_, n) => ({ n, text }));
      await pushed(identified, records, 'UPSERT');
    }
    // What is logged is written when the process ends.
    await service.end();
    const added = await addedIn(log);
    expect(added.size).toBeGreaterThan(10);
    expect([...added].filter(([, times]) => times > 0.9 * PUSHES)).toEqual([]);
  });
});
