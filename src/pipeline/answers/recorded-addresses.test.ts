import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FAILING_COMMIT, failingOnce } from '../../../test/support/failing-loads.js';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../../test/support/lane.js';
import { lookupDatasets } from '../../../test/support/lookup-datasets.js';
import { refusingStore } from '../../../test/support/refusing-store.js';
import { type GeoPoint, geoPoint } from '../../domain/geo-point.js';
import type { GivenTransformation } from '../../domain/transform/transformation.js';
import type { AddressSource } from '../../ports/address-source.js';
import type { RecordStore } from '../../ports/record-store.js';
import { CompiledDesigns } from '../compiled-designs.js';

const [HERE, THERE] = [geoPoint(1, 2), geoPoint(3, 4)];
const KYIV = { lat: expect.closeTo(50.45, 1), lon: expect.closeTo(30.52, 1) };

/** A geocoder that places everything at a point, or nowhere. */
const placing = (point: GeoPoint | null): AddressSource => ({
  budget: () => ({ ms: 1, failures: 1 }),
  find: async (needs) => new Map(needs.map(({ key }) => [key, { point }])),
});

/** Nothing whose name has `nowhere` in it is found. */
const findingSome: AddressSource = {
  ...placing(HERE),
  find: async (needs) =>
    new Map(needs.map(({ key, address }) => [key, { point: address.city?.includes('nowhere') ? null : HERE }])),
};

const NEVER: AddressSource = {
  ...placing(null),
  find: () => {
    throw new Error('nothing was to be asked');
  },
};

describe('what a geocoder has answered', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());
  afterEach(() => {
    expect(bench.errors.splice(0)).toEqual([]);
  });
  const given = lookupDatasets(() => bench);

  async function shops(): Promise<string> {
    const id = await bench.dataset({ id: 1, city: 'x' });
    const step: GivenTransformation['step'] = { kind: 'locateAddress', settings: { city: 'city' } };
    const rest = { enabled: true, output: { create: 'place' }, onError: 'REJECT_RECORD', replaceWith: null } as const;
    await given.edit(id, {
      columns: [{ id: 'id', uniqueIdentifier: true }],
      geolocations: [{ id: 'place', name: 'place', ...rest, step }],
    });
    await bench.useCases.applyChanges(id, CALLER);
    await bench.load(id);
    return id;
  }

  /** A service that asks a geocoder. */
  const online = (addresses: AddressSource) => ({ addresses, designs: new CompiledDesigns(bench.catalog, null) });
  const load = (id: string, addresses: AddressSource | null, records: Partial<RecordStore> = {}) =>
    bench.load(id, { records }, addresses ? online(addresses) : {});

  async function places(id: string): Promise<Record<string, unknown>> {
    const { records } = await bench.contents(id);
    return Object.fromEntries(records.map((one) => [one.id, one.place]));
  }

  async function rebuilt(id: string, addresses: AddressSource | null, records?: Partial<RecordStore>) {
    await bench.useCases.rebuildDataset(id, CALLER);
    await load(id, addresses, records);
    return places(id);
  }

  /** Applies another design of the same columns, so that the next load converts records again. */
  async function applyOther(id: string): Promise<void> {
    await given.edit(id, { columns: [{ id: 'city', undetermined: true }] });
    await bench.useCases.applyChanges(id, CALLER);
  }

  async function reload(id: string, addresses: AddressSource | null, records?: Partial<RecordStore>): Promise<void> {
    await applyOther(id);
    await load(id, addresses, records);
  }

  it.each([
    ['asks', NEVER],
    ['asks no geocoder any more', null],
  ])('is used by an attempt after the commit point and by a rebuild of a service that %s', async (_, later) => {
    const id = await shops();
    const job = await bench.push(id, [
      { id: 1, city: 'Kyiv' },
      { id: 2, city: '  ' },
    ]);
    await load(id, placing(HERE), failingOnce(bench.records));
    expect(bench.errors.splice(0)).toHaveLength(1);
    await bench.lanes.freeAll();
    await load(id, later);
    expect(await bench.ledger.findJob(job)).toMatchObject({ counts: { added: 2, unplaced: 0 } });
    await bench.push(id, [{ id: 3, city: 'Lviv' }], 'UPSERT');
    await load(id, placing(THERE));
    expect(await rebuilt(id, later)).toEqual({ 1: HERE, 2: null, 3: THERE });
  });

  it('is asked again by a reload, and by an attempt before the commit point', async () => {
    const id = await shops();
    await bench.push(id, [{ id: 1, city: 'Kyiv' }]);
    await bench.load(id, { lanes: FAILING_COMMIT }, online(placing(HERE)));
    expect(bench.errors.splice(0)).toHaveLength(1);
    await bench.lanes.freeAll();
    await load(id, placing(THERE));
    expect(await places(id)).toEqual({ 1: THERE });
    await reload(id, placing(HERE));
    expect(await places(id)).toEqual({ 1: HERE });
    expect(await rebuilt(id, NEVER)).toEqual({ 1: HERE });
    expect(await rebuilt(id, null)).toEqual({ 1: HERE });
  });

  it('is not used if the attempt that committed was offline', async () => {
    const id = await shops();
    await bench.push(id, [{ id: 1, city: 'Kyiv' }]);
    await bench.load(id, { lanes: FAILING_COMMIT }, online(placing(HERE)));
    expect(bench.errors.splice(0)).toHaveLength(1);
    await bench.lanes.freeAll();
    await load(id, null);
    expect(await places(id)).toEqual({ 1: KYIV });
    expect(await rebuilt(id, null)).toEqual({ 1: KYIV });
    expect(await rebuilt(id, NEVER)).toEqual({ 1: KYIV });
  });

  it('for a reload is not used if the attempt that committed was offline', async () => {
    const id = await shops();
    await bench.push(id, [{ id: 1, city: 'Kyiv' }]);
    await load(id, placing(THERE));
    await applyOther(id);
    await bench.load(id, { lanes: FAILING_COMMIT }, online(placing(HERE)));
    expect(bench.errors.splice(0)).toHaveLength(1);
    await bench.lanes.freeAll();
    await load(id, null);
    expect(await places(id)).toEqual({ 1: KYIV });
    expect(await rebuilt(id, null)).toEqual({ 1: KYIV });
    expect(await rebuilt(id, NEVER)).toEqual({ 1: KYIV });
  });

  it.each([
    ['asks', findingSome],
    ['does not ask', null],
  ])('is the same for records that are taken back, of a service that %s', async (_, addresses) => {
    const id = await shops();
    const cities = ['Kyiv', 'bad nowhere', 'nowhere', 'bad Kyiv'];
    const job = await bench.push(
      id,
      cities.map((city, n) => ({ id: n, city })),
    );
    await load(id, addresses, refusingStore(bench).refusing().records);
    expect(bench.errors.splice(0)).toHaveLength(1);
    expect(await bench.ledger.findJob(job)).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 4, added: 2, failed: 2, unplaced: 1 },
    });
    const left = { 0: addresses ? HERE : KYIV, 2: null };
    expect(await places(id)).toEqual(left);
    expect(await rebuilt(id, addresses && NEVER)).toEqual(left);
  });

  it('is not needed by jobs that were loaded offline, nor by their reloads', async () => {
    const id = await shops();
    const cities = Array.from({ length: 20 }, (_, n) => ({ id: n, city: n % 2 === 0 ? 'Kyiv' : 'No Such Place' }));
    await bench.push(id, cities);
    await load(id, null);
    const before = await places(id);
    expect([before[0], before[1]]).toEqual([KYIV, null]);
    expect(await rebuilt(id, NEVER)).toEqual(before);
    await reload(id, null);
    const scan: RecordStore['scan'] = (generation, filter, after, bounds) =>
      bench.records.scan(generation, filter, after, { ...bounds, maxRows: 7 });
    expect(await rebuilt(id, NEVER, { scan })).toEqual(before);
    await bench.push(id, [{ id: 0, city: 'Lviv' }]);
    await load(id, placing(HERE));
    expect(await rebuilt(id, NEVER)).toEqual({ ...before, 0: HERE });
  });

  it('is not read by the first attempt of jobs or of a reload that places addresses offline', async () => {
    const id = await shops();
    const unread = () => Promise.reject(new Error('no earlier attempt has recorded anything'));
    const others = { answerLog: { ...bench.answerLog, read: unread, readPart: unread } };
    await bench.push(id, [{ id: 1, city: 'Kyiv' }]);
    await bench.load(id, {}, others);
    expect(await places(id)).toEqual({ 1: KYIV });
    await given.edit(id, { columns: [{ id: 'city', undetermined: true }] });
    await bench.useCases.applyChanges(id, CALLER);
    await bench.load(id, {}, others);
  });

  it('of a reload is not used if the attempt that committed was offline', async () => {
    const id = await shops();
    await bench.push(id, [{ id: 1, city: 'Kyiv' }]);
    await load(id, null);
    await given.edit(id, { columns: [{ id: 'city', undetermined: true }] });
    await bench.useCases.applyChanges(id, CALLER);
    await bench.load(id, { lanes: FAILING_COMMIT }, online(placing(HERE)));
    expect(bench.errors.splice(0)).toHaveLength(1);
    await bench.lanes.freeAll();
    await load(id, null);
    expect(await places(id)).toEqual({ 1: KYIV });
    expect(await rebuilt(id, null)).toEqual({ 1: KYIV });
  });

  it('is recorded page by page by a reload, for pages that a rebuild cuts in another way', async () => {
    const id = await shops();
    await bench.push(
      id,
      Array.from({ length: 20 }, (_, n) => ({ id: n, city: 'Kyiv' })),
    );
    await load(id, null);
    let pages = 0;
    const changing: AddressSource = {
      ...NEVER,
      find: async (needs) => {
        pages += 1;
        return new Map(needs.map(({ key }) => [key, { point: geoPoint(pages, 0) }]));
      },
    };
    const paged = (maxRows: number): Partial<RecordStore> => ({
      scan: (generation, filter, after, bounds) =>
        bench.records.scan(generation, filter, after, { ...bounds, maxRows }),
    });
    await reload(id, changing, paged(7));
    expect(pages).toBe(3);
    const before = await places(id);
    expect(await rebuilt(id, NEVER, paged(5))).toEqual(before);
    expect(await rebuilt(id, null, paged(20))).toEqual(before);
  });

  it('in a trial is recorded nowhere, and what is nowhere is counted', async () => {
    const id = await shops();
    await bench.push(id, [{ id: 1, city: 'Kyiv' }]);
    await load(id, null);
    await given.edit(id, { columns: [{ id: 'city', undetermined: true }] });
    const { id: trial } = await bench.useCases.tryChanges(id, CALLER);
    await load(id, placing(null));
    expect(await bench.ledger.findJob(trial)).toMatchObject({ status: 'COMPLETE', counts: { read: 1, unplaced: 1 } });
    expect(await bench.collections.answers.countDocuments({ datasetId: id })).toBe(0);
  });
});
