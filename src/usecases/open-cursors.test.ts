import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { sentRecords } from '../../test/support/sent-records.js';
import type { RecordStore } from '../ports/record-store.js';
import { recordReaders } from './record-reader.js';

const OPTIONS = { publicUrl: () => '', maxPayloadBytes: 1_000_000 };
const SAMPLE = { k: 'a', v: 1 };
const EXPIRED = { code: 'CURSOR_EXPIRED' };
const HELD = ['a', 'b', 'c', 'd', 'e'];

const STEPS = [
  'push',
  'replace',
  'delete',
  'delete nothing',
  'delete by filter',
  'reload',
  'rebuild',
  'clear',
] as const;
type Step = (typeof STEPS)[number];

describe('a cursor that is open while the dataset changes', () => {
  let bench: OpenLaneBench;
  let id: string;
  let after: string;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());
  beforeEach(begin);

  /** A dataset of five records, and a cursor after the second. */
  async function begin(): Promise<void> {
    id = await bench.dataset(SAMPLE);
    await edit([{ id: 'k', uniqueIdentifier: true }]);
    await push(HELD);
    const page = await read();
    after = page.endCursor ?? '';
    expect([page.hasNextPage, await page.totalCount()]).toEqual([true, 5]);
  }

  async function read(cursor?: string, records: RecordStore = bench.records) {
    const dataset = await bench.reader.catalog.existingDataset(id);
    const { page } = recordReaders({ ...bench, rows: records }, OPTIONS)(CALLER).records;
    return page(dataset, { first: 2, ...(cursor !== undefined && { after: cursor }) });
  }

  async function push(keys: readonly string[]): Promise<void> {
    await bench.push(
      id,
      keys.map((k) => ({ k, v: 1 })),
    );
    await bench.load(id);
  }

  async function edit(columns: { id: string; type?: 'TEXT' | 'NUMERIC'; uniqueIdentifier?: boolean }[]): Promise<void> {
    const { draftRevision: expectedRevision } = await bench.reader.catalog.existingDataset(id);
    await bench.useCases.designDrafts.update(id, { expectedRevision, columns }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    await bench.load(id);
  }

  async function remove(k: string): Promise<void> {
    await bench.useCases.deleteData.byIdentifiers({ datasetId: id, ...sentRecords([{ k }]) }, CALLER);
    await bench.load(id);
  }

  async function reload(): Promise<void> {
    const { appliedRevision } = await bench.reader.catalog.existingDataset(id);
    const design = await bench.catalog.findDesign(id, appliedRevision ?? 0);
    const type = design?.columns.find(({ id: column }) => column === 'v')?.type === 'TEXT' ? 'NUMERIC' : 'TEXT';
    await edit([{ id: 'v', type }]);
  }

  async function take(step: Step, live: Set<string>): Promise<void> {
    const [first = 'none'] = live;
    if (step === 'push') return push(['new']);
    if (step === 'replace') return push([first]);
    if (step === 'delete') return remove(first);
    if (step === 'delete nothing') return remove('unknown');
    if (step === 'reload') return reload();
    if (step === 'rebuild') await bench.useCases.rebuildDataset(id, CALLER);
    if (step === 'clear') await bench.useCases.deleteData.all({ datasetId: id }, CALLER);
    if (step === 'delete by filter') {
      const where = { column: 'k', op: 'EQ' as const, value: first };
      await bench.useCases.deleteData.matching({ datasetId: id, where }, CALLER);
    }
    await bench.load(id);
  }

  it.each<[string, Step[], boolean]>([
    ['a delete of all data', ['clear'], true],
    ['a delete of all data, and later pushes', ['clear', 'push'], true],
    ['a reload', ['reload'], false],
    ['a rebuild', ['rebuild'], false],
    ['two reloads and a rebuild', ['reload', 'rebuild', 'reload'], false],
    ['a reload, and a delete by identifiers after it', ['reload', 'delete'], true],
    ['a rebuild, and a delete by filter after it', ['rebuild', 'delete by filter'], true],
    ['a reload, and a delete of all data after it', ['reload', 'clear'], true],
    ['a reload, and pushes and a delete of nothing after it', ['reload', 'push', 'replace', 'delete nothing'], false],
    ['a delete by filter, and a reload after it', ['delete by filter', 'reload'], false],
  ])('still reads its rows, or has expired where it must, after %s', async (_, steps, expired) => {
    for (const step of steps) await take(step, new Set(HELD));
    if (expired) await expect(read(after)).rejects.toMatchObject(EXPIRED);
    else expect((await read(after)).nodes.length).toBeGreaterThan(0);
  });

  it('expires when a reload merges some of the records', async () => {
    await bench.push(id, [{ k: 'twin', v: 1 }]);
    await bench.load(id);
    await edit([
      { id: 'k', uniqueIdentifier: false },
      { id: 'v', uniqueIdentifier: true },
    ]);
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 1 });
    await expect(read(after)).rejects.toMatchObject(EXPIRED);
  });

  it.each<[string, Partial<RecordStore>]>([
    ['a page', { readPage: async (...args) => deleteOneAfter(await bench.records.readPage(...args)) }],
    ['a count', { count: async (...args) => deleteOneAfter(await bench.records.count(...args)) }],
  ])('shows nothing of what a delete removes while it waits for %s', async (_, racing) => {
    await reload();
    const page = read(after, { ...bench.records, ...racing });
    await expect(page.then(({ totalCount }) => totalCount())).rejects.toMatchObject(EXPIRED);
  });

  async function deleteOneAfter<T>(found: T): Promise<T> {
    await take('delete', new Set(HELD));
    return found;
  }

  it('never shows a deleted record, nor counts more records than exist, whatever jobs ran', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { minLength: 2, maxLength: 5 }), async (steps) => {
        await begin();
        let state: Expected = { live: new Set(HELD), moved: false, expired: false };
        for (const step of steps) {
          await take(step, state.live);
          state = stateAfter(step, state);
        }
        if (state.expired) return expect(read(after)).rejects.toMatchObject(EXPIRED);
        return expectOnlyLive(state.live);
      }),
      { numRuns: 10 },
    );
  });

  async function expectOnlyLive(live: ReadonlySet<string>): Promise<void> {
    const page = await read(after);
    for (const { valuesById } of page.nodes) expect(live).toContain(valuesById.k);
    const { recordCount } = await bench.reader.catalog.existingDataset(id);
    expect(recordCount).toBe(live.size);
    expect(await page.totalCount()).toBeLessThanOrEqual(recordCount);
  }
});

interface Expected {
  readonly live: Set<string>;
  /** The cursor's generation is out of use. */
  readonly moved: boolean;
  readonly expired: boolean;
}

function stateAfter(step: Step, { live, moved, expired }: Expected): Expected {
  const [first = 'none', ...others] = live;
  if (step === 'clear') return { live: new Set(), moved, expired: true };
  if (step === 'push') return { live: new Set([...live, 'new']), moved, expired };
  if (step === 'replace') return { live: new Set([...live, first]), moved, expired };
  if (step === 'delete' || step === 'delete by filter') {
    return { live: new Set(others), moved, expired: expired || (moved && live.size > 0) };
  }
  return { live, moved: moved || step === 'reload' || step === 'rebuild', expired };
}
