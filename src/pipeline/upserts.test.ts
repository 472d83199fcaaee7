import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import type { RecordStore } from '../ports/record-store.js';

const MB = 1024 * 1024;

describe('upserts onto large stored records', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  async function identified(): Promise<string> {
    const id = await bench.dataset({ k: 'a', text: 'x', more: 'y', v: 1 });
    const columns = [{ id: 'k', uniqueIdentifier: true }];
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns });
    await bench.useCases.applyChanges(id, CALLER);
    return id;
  }

  it('hold a bounded part of them at once, and are exact after a crash between two parts', async () => {
    const id = await identified();
    const keys = Array.from({ length: 10 }, (_, n) => `k${n}`);
    for (const k of keys) {
      await bench.push(id, [{ k, text: 'x'.repeat(2 * MB), more: 'old', v: 0 }]);
      await bench.load(id);
    }
    const first = await bench.push(
      id,
      keys.map((k, v) => ({ k, v: v + 1 })),
      'UPSERT',
    );
    const second = await bench.push(
      id,
      ['k0', 'k9', 'new'].map((k) => ({ k, more: 'new' })),
      'UPSERT',
    );
    const held: number[] = [];
    const readSources: RecordStore['readSources'] = async (...args) => {
      const sources = await bench.records.readSources(...args);
      held.push([...sources.values()].reduce((sum, { length }) => sum + length, 0));
      return sources;
    };
    let writes = 0;
    const writeRows: RecordStore['writeRows'] = async (...args) => {
      writes += 1;
      if (writes === 2) throw new Error('made to fail');
      return bench.records.writeRows(...args);
    };
    await bench.load(id, { records: { readSources, writeRows } });
    expect(bench.errors.splice(0)).toMatchObject([{ message: 'made to fail' }]);
    await bench.lanes.freeAll();
    await bench.load(id, { records: { readSources } });
    expect(Math.max(...held)).toBeLessThan(9 * MB);
    const counts = { read: 10, added: 0, updated: 10 };
    expect(await bench.ledger.findJob(first)).toMatchObject({ status: 'COMPLETE', attempts: 2, counts });
    expect(await bench.ledger.findJob(second)).toMatchObject({ counts: { read: 3, added: 1, updated: 2 } });
    const stored = (await bench.contents(id)).records.map(({ k, text, more, v }) => [k, String(text).length, more, v]);
    const expected = keys.map((k, n) => [k, 2 * MB, n % 9 === 0 ? 'new' : 'old', n + 1]);
    expect(stored.sort()).toEqual([...expected, ['new', 4, 'new', null]].sort());
  });

  it('are refused where the record would become too large, by its own size and not an estimate', async () => {
    const id = await identified();
    await bench.push(id, [{ k: 'a', text: 'x'.repeat(2 * MB), more: '', v: 0 }]);
    await bench.load(id);
    const fits = await bench.push(id, [{ k: 'a', more: 'y'.repeat(2 * MB) }], 'UPSERT');
    const tooLarge = await bench.push(id, [{ k: 'a', text: 'z'.repeat(9 * MB) }], 'UPSERT');
    const last = await bench.push(id, [{ k: 'a', v: 7 }], 'UPSERT');
    // A turn may be over before the last group.
    await until('the last job', async () => {
      await bench.load(id);
      return (await bench.ledger.findJob(last))?.finishedAt;
    });
    expect(await bench.ledger.findJob(fits)).toMatchObject({ status: 'COMPLETE', counts: { updated: 1 } });
    expect(await bench.ledger.findJob(tooLarge)).toMatchObject({ status: 'ERROR_EXIT', counts: { failed: 1 } });
    expect(await bench.ledger.errorsOf(tooLarge)).toMatchObject([{ code: 'ROW_TOO_LARGE', recordIndex: 0 }]);
    expect(await bench.ledger.findJob(last)).toMatchObject({ status: 'COMPLETE', counts: { updated: 1 } });
    const [record] = (await bench.contents(id)).records;
    expect([String(record?.text).length, String(record?.more).length, record?.v]).toEqual([2 * MB, 2 * MB, 7]);
    expect(bench.errors).toEqual([]);
  });
});
