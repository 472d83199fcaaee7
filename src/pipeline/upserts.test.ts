import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import { CompiledDesign } from '../domain/design/compiled-design.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import type { JsonObject } from '../domain/json/json-value.js';
import { mismatch } from '../domain/sample/value-check.js';
import type { RecordStore } from '../ports/record-store.js';
import { CompiledDesigns } from './compiled-designs.js';
import { LaneWorker } from './lane-worker.js';

const MB = 1024 * 1024;

describe('upserts into large stored records', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  async function identified(): Promise<string> {
    const id = await bench.dataset({ k: 'a', text: 'x', more: 'y', v: 1 });
    const columns = [{ id: 'k', uniqueIdentifier: true }];
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    return id;
  }

  it('keep only a bounded part of them in memory, and are exact after a crash between two parts', async () => {
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

  it('are refused when the merged record is too large by its exact size', async () => {
    const id = await identified();
    await bench.push(id, [{ k: 'a', text: 'x'.repeat(2 * MB), more: '', v: 0 }]);
    await bench.load(id);
    const fits = await bench.push(id, [{ k: 'a', more: 'y'.repeat(2 * MB) }], 'UPSERT');
    const tooLarge = await bench.push(id, [{ k: 'a', text: 'z'.repeat(9 * MB) }], 'UPSERT');
    const last = await bench.push(id, [{ k: 'a', v: 7 }], 'UPSERT');
    // A turn may end before the last group.
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

  it('insert large new records beside them, also twice in a job, and are made again by a rebuild', async () => {
    const id = await identified();
    const keys = Array.from({ length: 9 }, (_, n) => `k${n}`);
    for (const k of keys) await bench.push(id, [{ k, text: 'x'.repeat(2 * MB), more: '', v: 0 }]);
    await bench.load(id);
    const large = { k: 'new', text: 'y'.repeat(3 * MB) };
    const job = await bench.push(id, [...keys.map((k) => ({ k, v: 1 })), large, { k: 'new', v: 2 }], 'UPSERT');
    await bench.load(id);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 1, updated: 10 } });
    const stored = async () =>
      (await bench.contents(id)).records.map(({ k, text, v }) => [k, String(text).length, v]).sort();
    const expected = [...keys.map((k) => [k, 2 * MB, 1]), ['new', 3 * MB, 2]];
    expect(await stored()).toEqual(expected);
    await bench.records.dropGeneration((await bench.catalog.findDataset(id))?.generation ?? '');
    await bench.useCases.rebuildDataset(id, CALLER);
    await bench.load(id);
    expect(await stored()).toEqual(expected);
    expect(bench.errors).toEqual([]);
  });

  it('are refused before the commit point when the merged record does not fit, and later jobs see the record without them', async () => {
    const id = await bench.dataset({ k: 'a', text: 'x', more: 'y', v: 1 }, { mismatchPolicy: 'QUARANTINE' });
    await bench.useCases.designDrafts.update(
      id,
      {
        expectedRevision: 1,
        columns: [{ id: 'k', uniqueIdentifier: true }],
      },
      CALLER,
    );
    await bench.useCases.applyChanges(id, CALLER);
    await bench.push(
      id,
      ['a', 'b'].map((k) => ({ k, text: 'old', more: '', v: 0 })),
    );
    await bench.load(id);
    const upserts: JsonObject[] = [
      { k: 'a', more: 'bad' },
      { k: 'b', more: 'bad' },
      { k: 'a', v: 1 },
    ];
    const job = await bench.push(id, upserts, 'UPSERT');
    const alone = await bench.push(id, [{ k: 'b', more: 'bad' }], 'UPSERT');
    const calls: string[] = [];
    const commit: typeof bench.lanes.commit = (...args) => {
      calls.push('commit');
      return bench.lanes.commit(...args);
    };
    const writeRows: RecordStore['writeRows'] = (...args) => {
      calls.push('write');
      return bench.records.writeRows(...args);
    };
    await new LaneWorker({
      ...bench.workerDeps({ lanes: { commit }, records: { writeRows } }),
      designs: refusingMerges(bench),
    }).run(id);
    expect(calls).toEqual(['commit', 'write']);
    expect(await bench.ledger.findJob(job)).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 3, updated: 1, failed: 2 },
    });
    expect(await bench.ledger.errorsOf(job)).toMatchObject([
      { recordIndex: 0, code: 'CONVERSION_FAILED', pointer: '/more' },
      { recordIndex: 1, code: 'CONVERSION_FAILED' },
    ]);
    expect(await bench.ledger.findJob(alone)).toMatchObject({ status: 'ERROR_EXIT', counts: { failed: 1 } });
    const { records, quarantined } = await bench.contents(id);
    expect(records.map(({ k, more, v }) => [k, more, v]).sort()).toEqual([
      ['a', '', 1],
      ['b', '', 0],
    ]);
    expect(quarantined.map((one) => one.id)).toEqual([`${job}:0`, `${job}:1`, `${alone}:0`]);
  });
});

/** Designs under which each upserted record fits alone, but not after it is merged into the stored record. */
function refusingMerges(bench: OpenLaneBench): CompiledDesigns {
  const designs = new CompiledDesigns(bench.catalog, bench.geocoder);
  const of: CompiledDesigns['of'] = async (...args) => {
    const design = await designs.of(...args);
    const convert: typeof design.convert = (record) => {
      const converted = design.convert(record);
      if (record.text !== 'old' || record.more !== 'bad') return converted;
      const clash = mismatch(
        'CONVERSION_FAILED',
        'more',
        '/more',
        'TEXT',
        { words: 'bad' },
        'does not go with an old text',
      );
      return { ...converted, mismatches: RecordMismatches.of(clash) };
    };
    return Object.assign(new CompiledDesign(design.pinned), { convert });
  };
  return Object.assign(Object.create(designs), { of });
}
