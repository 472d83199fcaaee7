import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { shapedDesign } from '../../../test/support/shaped-records.js';
import { type CountedThreads, threadsForTests } from '../../../test/support/threads.js';
import { until } from '../../../test/support/until.js';
import { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { LaneJob } from '../../domain/job/job.js';
import { inferFields } from '../../domain/sample/infer-fields.js';
import { NO_ANSWERS } from '../../domain/transform/answers.js';

const SAMPLE = { t: 'x' };
const STEP = { output: { create: 'upper' }, step: { kind: 'uppercase', settings: { column: 't' } } } as const;
const DESIGN = new CompiledDesign({ design: shapedDesign(SAMPLE, [STEP]), fields: inferFields(SAMPLE) });
const POSITION = 7;
const ROOM = 1_000_000;

function examine(threads: CountedThreads, text: string, design = DESIGN, room = ROOM) {
  const payload = Buffer.from(text);
  const acceptedAt = new Date(0);
  const job: LaneJob = {
    ...{ id: 'j', datasetId: 'd', position: POSITION, kind: 'PUSH', method: 'REPLACE', recordCount: 2, acceptedAt },
    payload: { id: 'p', form: 'RECORDS', bytes: payload.length, parts: 0 },
  };
  const use = 'REPLACE' as const;
  const task = { position: POSITION, savedAt: acceptedAt, use, leftOut: null, maxReasons: 1_000, answers: NO_ANSWERS };
  return threads.examine({ job, payload }, design, task, room);
}

/** A thread with this program, started. `program`: JavaScript; by default the one of the service. */
async function startedThread(program?: URL): Promise<CountedThreads> {
  const threads = threadsForTests(program);
  const first = await until('the thread to start', () => {
    const examining = examine(threads, '[]');
    return examining && { examining };
  });
  await first.examining;
  return threads;
}

describe('a thread that examines pushes', () => {
  let threads: CountedThreads;
  beforeAll(async () => {
    threads = await startedThread();
  });
  afterAll(() => threads.end());

  it('returns where the rows of each record are, and what does not fit', async () => {
    const result = await examine(threads, '[{"t":"a"},{"t":1},{"t":"b"}]');
    expect(result).toMatchObject({ recordCount: 3, leftOut: [], needs: [], refused: { indexes: [1], errorCount: 1 } });
    expect(result?.fitting.map(({ index }) => index)).toEqual([0, 2]);
    const [first, second] = result?.fitting.flatMap((one) => ('encoded' in one ? [one] : [])) ?? [];
    expect(first?.startOf(0)).toBe(0);
    expect(second?.startOf(0)).toBe(first?.endOf(0));
    expect(result?.rowBytes).toBeGreaterThanOrEqual(second?.endOf(0) ?? Number.POSITIVE_INFINITY);
  });

  it('examines under the design that it is given', async () => {
    const other = new CompiledDesign({ design: shapedDesign({ n: 1 }, []), fields: inferFields({ n: 1 }) });
    expect(await examine(threads, '[{"n":1}]', other)).toMatchObject({ refused: { indexes: [] } });
    expect(await examine(threads, '[{"n":1}]', other)).toMatchObject({ refused: { indexes: [] } });
    expect(await examine(threads, '[{"n":1}]')).toMatchObject({ refused: { indexes: [0] } });
  });

  it('is busy with one push at a time', async () => {
    const first = examine(threads, '[{"t":"a"}]');
    expect(examine(threads, '[{"t":"b"}]')).toBeNull();
    expect(await first).toMatchObject({ recordCount: 1 });
  });

  it('gives a push back whose rows take too many bytes', async () => {
    expect(await examine(threads, JSON.stringify([{ t: 'x'.repeat(1_000) }]), DESIGN, 500)).toBeNull();
    expect(threads.errors).toEqual([]);
  });

  it('gives a push back with very many refused records', async () => {
    const push = (refused: number) => JSON.stringify(Array.from({ length: refused }, () => ({ t: 1 })));
    expect(await examine(threads, push(100))).toMatchObject({ refused: { errorCount: 100 } });
    expect(await examine(threads, push(101))).toBeNull();
    expect(threads.errors).toEqual([]);
  });

  it('gives a push back that it cannot read, and reports why', async () => {
    expect(await examine(threads, '[{"t":"a"}')).toBeNull();
    expect(threads.errors).toHaveLength(1);
    expect(await examine(threads, '[{"t":"a"}]')).toMatchObject({ recordCount: 1 });
  });
});

describe('a thread that ends', () => {
  let folder: string;
  let threads: CountedThreads | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-threads-'));
  });
  afterEach(() => threads?.end());
  afterAll(() => rm(folder, { recursive: true }));

  const READY = "import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ kind: 'READY' });";
  async function program(name: string, onMessage: string): Promise<URL> {
    const file = join(folder, name);
    await writeFile(file, `${READY} parentPort.on('message', (message) => { ${onMessage} });`);
    return pathToFileURL(file);
  }

  it('gives the push back that it was examining, and starts again', async () => {
    threads = await startedThread(await program('ends.mjs', 'process.exit();'));
    const next = threads;
    const again = await until('another thread', () => examine(next, '[]') && { isAnother: true });
    expect(again).toEqual({ isAnother: true });
    expect(threads.errors).toEqual([]);
  });

  it('is reported if it fails, and has no successor for a while', async () => {
    threads = await startedThread(await program('fails.mjs', "throw new Error('no more');"));
    expect(threads.errors).toEqual([expect.objectContaining({ message: 'no more' })]);
    expect(examine(threads, '[]')).toBeNull();
  });

  it('starts again if it ended while it was given places', async () => {
    threads = await startedThread(
      await program(
        'places.mjs',
        "if (message.kind === 'PLACES') process.exit(); parentPort.postMessage({ kind: 'EXAMINED', examined: null });",
      ),
    );
    const finder = { locate: () => ({ place: null, reason: 'UNKNOWN_CITY' as const }), shared: {} };
    const { pinned } = DESIGN;
    expect(examine(threads, '[]', new CompiledDesign(pinned, finder))).toBeNull();
    const next = threads;
    const again = await until('another thread', () => {
      const examining = examine(next, '[]');
      return examining && { examining };
    });
    expect(await again.examining).toBeNull();
    expect(threads.errors).toEqual([]);
  });

  it('is reported if it takes too much memory', async () => {
    const fill = 'const all = []; for (;;) all.push(Array(1_000).fill(all.length));';
    threads = await startedThread(await program('fills.mjs', fill));
    expect(threads.errors).toEqual([expect.objectContaining({ code: 'ERR_WORKER_OUT_OF_MEMORY' })]);
  });

  it('is reported if it cannot start', async () => {
    threads = threadsForTests(pathToFileURL(join(folder, 'none.mjs')));
    expect(examine(threads, '[]')).toBeNull();
    const { errors } = threads;
    await until('the failure', () => errors.length > 0);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('none.mjs') })]);
    expect(examine(threads, '[]')).toBeNull();
  });

  it('gives the push back if the service ends', async () => {
    threads = await startedThread(
      await program('once.mjs', "parentPort.postMessage({ kind: 'EXAMINED', examined: null }); for (;;);"),
    );
    const pending = examine(threads, '[]');
    await threads.end();
    expect(await pending).toBeNull();
  });
});
