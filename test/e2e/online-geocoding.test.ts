import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GeolocationInput, PreviewDesignDocument } from '../generated/graphql.js';
import { answering, type FakeGeocoder, fakeGeocoder, placeAt } from '../support/fake-geocoder.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const SHOP = { id: 1, city: 'Kyiv' };
const BY_ADDRESS: GeolocationInput = { id: 'place', name: 'place', address: { city: 'city' } };
const HERE = { lat: 1, lon: 2 };

describe('a service with a geocoder of the operator', () => {
  let geocoder: FakeGeocoder;
  let sluice: Sluice;
  let cities = 0;
  beforeAll(async () => {
    geocoder = await fakeGeocoder();
    sluice = await startSluice({
      SLUICE_GEOCODER_URL: `${geocoder.url}&key=secret`,
      SLUICE_GEOCODER_RATE: '1000',
      SLUICE_GEOCODER_SECONDS: '3',
    });
  });
  afterAll(async () => {
    await sluice.close();
    await geocoder.close();
  });
  beforeEach(() => geocoder.answer(answering(placeAt(HERE.lat, HERE.lon))));

  /** A city that is not in the cache. */
  function newCity(): string {
    cities += 1;
    return `City ${cities}`;
  }

  async function shops(rest: Partial<GeolocationInput> = {}): Promise<string> {
    const id = await sluice.dataset(SHOP);
    const geolocations = [{ ...BY_ADDRESS, ...rest }];
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }], geolocations });
    await sluice.apply(id);
    return id;
  }

  it('places addresses, asks for each once, and counts what is nowhere', async () => {
    const id = await shops();
    geocoder.answer((response, request) => {
      const isNowhere = request.url?.includes('Nowhere');
      answering(isNowhere ? [] : placeAt(HERE.lat, HERE.lon))(response, request);
    });
    const before = geocoder.asked.length;
    const records = [SHOP, { id: 2, city: 'Nowhere' }, { id: 3, city: null }, { id: 4, city: 'KYIV' }];
    const job = await sluice.push(id, records);
    expect(job.counts).toMatchObject({ read: 4, added: 4, failed: 0, unplaced: 1 });
    expect((await sluice.values(id, 'id')).map(({ place }) => place)).toEqual([HERE, null, null, HERE]);
    expect(geocoder.asked.length - before).toBe(2);
    // Another dataset has the same cache.
    const other = await shops();
    geocoder.answer(answering('', 500));
    expect((await sluice.push(other, records)).counts).toMatchObject({ added: 4, unplaced: 1 });
  });

  it.each<[Partial<GeolocationInput>, object, unknown]>([
    [{ onError: 'REJECT_RECORD' }, { added: 0, failed: 1 }, undefined],
    [{ onError: 'IGNORE' }, { added: 1, failed: 0, unplaced: 0 }, null],
    [
      { onError: 'REPLACE_VALUE', replaceWith: { lat: 5, lon: 6 } },
      { added: 1, failed: 0 },
      { lat: 5, lon: 6 },
    ],
  ])('treats addresses without an answer by %j', async (treatment, counts, place) => {
    const id = await shops(treatment);
    geocoder.answer(answering('', 403));
    const job = await sluice.push(id, [{ id: 1, city: newCity() }]);
    expect(job.counts).toMatchObject(counts);
    expect((await sluice.values(id))[0]?.place).toEqual(place);
    expect(JSON.stringify(job)).not.toContain('secret');
  });

  it('goes on with other loads while the geocoder hangs, and with those of the same dataset after that', async () => {
    const [id, other] = [await shops({ onError: 'IGNORE' }), await sluice.dataset({ n: 1 })];
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    geocoder.answer(() => isAsked());
    const hanging = sluice.push(id, [{ id: 1, city: newCity() }]);
    await asked;
    expect(await sluice.push(other, [{ n: 1 }])).toMatchObject({ status: 'COMPLETE' });
    expect((await hanging).counts).toMatchObject({ added: 1 });
    geocoder.answer(answering(placeAt(HERE.lat, HERE.lon)));
    expect(await sluice.push(id, [{ id: 2, city: newCity() }])).toMatchObject({ status: 'COMPLETE' });
    expect((await sluice.values(id, 'id')).map(({ place }) => place)).toEqual([null, HERE]);
  });

  it('holds back only the dataset whose addresses it is asked for, and keeps the order of its jobs', async () => {
    const patient = await startSluice({ SLUICE_GEOCODER_URL: geocoder.url, SLUICE_GEOCODER_SECONDS: '120' });
    try {
      const id = await patient.dataset(SHOP);
      await patient.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }], geolocations: [BY_ADDRESS] });
      await patient.apply(id);
      const other = await patient.dataset({ n: 1 });
      let release: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => {
        geocoder.answer((response, request) => {
          release = () => answering(placeAt(HERE.lat, HERE.lon))(response, request);
          resolve();
        });
      });
      const ended: string[] = [];
      const first = patient.push(id, [{ id: 1, city: newCity() }]).then((job) => {
        ended.push('first');
        return job;
      });
      await asked;
      // The second needs no address, and yet it must not overtake the first.
      const second = patient.push(id, [{ id: 1, city: null }]);
      expect(await patient.push(other, [{ n: 1 }])).toMatchObject({ status: 'COMPLETE' });
      expect(await patient.push(other, [{ n: 2 }])).toMatchObject({ status: 'COMPLETE' });
      expect(ended).toEqual([]);
      // A request that is sent again meanwhile is answered as well.
      geocoder.answer(answering(placeAt(HERE.lat, HERE.lon)));
      release();
      const [before, after] = await Promise.all([first, second]);
      expect([before.counts, after.counts]).toMatchObject([{ added: 1 }, { updated: 1 }]);
      expect(await patient.values(id)).toMatchObject([{ city: null, place: null }]);
    } finally {
      await patient.close();
    }
  });

  it('asks in a preview, too', async () => {
    const id = await sluice.dataset(SHOP);
    const preview = async () => {
      const request = { datasetId: id, design: { geolocations: [BY_ADDRESS] }, data: [{ id: 1, city: newCity() }] };
      const { previewDesign } = await sluice.query(PreviewDesignDocument, request);
      return previewDesign.records[0];
    };
    expect((await preview())?.steps).toMatchObject([{ transformation: 'place', values: { place: HERE } }]);
    geocoder.answer(answering('<html>'));
    expect((await preview())?.errors[0]?.message).toMatch(
      /^geolocation "place": the geocoder has not placed "City \d+": its answer is not a JSON array/,
    );
  });
});
