import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import type { GivenTransformation } from '../domain/transform/transformation.js';
import type { RecordStore } from '../ports/record-store.js';

const TEXT = 'x'.repeat(9_000);
/** Makes a text of about 900,000 characters of a record with a text of 9,000. */
const REPEATED: GivenTransformation = {
  id: null,
  name: 'Repeat',
  enabled: true,
  output: { create: 'long' },
  onError: 'REJECT_RECORD',
  replaceWith: null,
  step: { kind: 'template', settings: { template: '{{t}}'.repeat(100), nulls: 'AS_EMPTY' } },
};
const KEYS = Array.from({ length: 45 }, (_, n) => `k${n}`);

describe('rows that steps make much larger than their records', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  async function dataset(uniqueIdentifier: boolean): Promise<string> {
    const id = await bench.dataset({ k: 'a', t: 'x', v: 1 });
    const columns = [{ id: 'k', uniqueIdentifier }];
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns, transformations: [REPEATED] }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    return id;
  }

  /** The requests that write rows, and how many rows each has. */
  function counted() {
    const requests: number[] = [];
    const writeRows: RecordStore['writeRows'] = (generation, writes, stillOwned) => {
      const all = [...writes];
      requests.push(all.length);
      return bench.records.writeRows(generation, all, stillOwned);
    };
    return { requests, faults: { records: { writeRows } } };
  }

  async function stored(id: string) {
    const { records } = await bench.contents(id);
    return records.map(({ k, long, v }) => [k, String(long).length, v]).sort();
  }

  it.each([false, true])('are made again beyond a bound when they are written; with identifiers: %s', async (known) => {
    const id = await dataset(known);
    await bench.load(id);
    await bench.push(
      id,
      KEYS.map((k) => ({ k, t: TEXT, v: 1 })),
    );
    const { requests, faults } = counted();
    await bench.load(id, faults);
    expect(requests.length).toBeGreaterThan(1);
    expect(requests.reduce((sum, rows) => sum + rows, 0)).toBe(KEYS.length);
    expect(await stored(id)).toEqual(KEYS.map((k) => [k, TEXT.length * 100, 1]).sort());
  });

  it('are merged with upserts of the same group, and with later ones', async () => {
    const id = await dataset(true);
    await bench.load(id);
    await bench.push(
      id,
      KEYS.map((k) => ({ k, t: TEXT, v: 1 })),
      'UPSERT',
    );
    await bench.push(
      id,
      [KEYS[0], KEYS[44]].map((k = '') => ({ k, v: 2 })),
      'UPSERT',
    );
    const { requests, faults } = counted();
    await bench.load(id, faults);
    expect(requests.length).toBeGreaterThan(1);
    await bench.push(
      id,
      KEYS.slice(1, 44).map((k) => ({ k, v: 3 })),
      'UPSERT',
    );
    await bench.load(id);
    const expected = KEYS.map((k, n) => [k, TEXT.length * 100, n === 0 || n === 44 ? 2 : 3]);
    expect(await stored(id)).toEqual(expected.sort());
  });

  it('are written in parts by a reload', async () => {
    const id = await dataset(false);
    await bench.load(id);
    await bench.useCases.designDrafts.update(id, { expectedRevision: 2, transformations: [] }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    await bench.push(
      id,
      KEYS.map((k) => ({ k, t: TEXT, v: 1 })),
    );
    await bench.load(id);
    await bench.useCases.designDrafts.update(id, { expectedRevision: 3, transformations: [REPEATED] }, CALLER);
    const { reload } = await bench.useCases.applyChanges(id, CALLER);
    const { requests, faults } = counted();
    await bench.load(id, faults);
    expect(await bench.ledger.findJob(reload?.id ?? '')).toMatchObject({
      status: 'COMPLETE',
      counts: { added: 45, rows: 45 },
    });
    expect(Math.max(...requests)).toBeLessThan(20);
    expect(await stored(id)).toEqual(KEYS.map((k) => [k, TEXT.length * 100, 1]).sort());
  });
});
