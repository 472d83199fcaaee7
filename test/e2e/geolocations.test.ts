import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type GeolocationInput,
  PreviewDesignDocument,
  ReadGeolocationsDocument,
  UpdateDesignDocument,
} from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const SHOP = { id: 1, city: 'Kyiv', country: 'Ukraine', lat: 50.45, lon: 30.52 };
const BY_ADDRESS: GeolocationInput = { id: 'place', name: 'place', address: { city: 'city', country: 'country' } };
const BY_COORDINATES: GeolocationInput = {
  id: 'spot',
  name: 'spot',
  coordinates: { latitude: 'lat', longitude: 'lon' },
};

describe('geolocations', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function design(id: string) {
    const { dataset } = await sluice.query(ReadGeolocationsDocument, { id });
    if (!dataset) throw new Error(`there is no dataset ${id}`);
    return { ...dataset.design, changes: dataset.changes };
  }

  async function shops(geolocations: GeolocationInput[], rest: object = {}): Promise<string> {
    const id = await sluice.dataset(SHOP);
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }], geolocations, ...rest });
    await sluice.apply(id);
    return id;
  }

  async function refusal(id: string, geolocations: GeolocationInput[]): Promise<unknown> {
    const input = { expectedRevision: 2, geolocations };
    const { errors } = await sluice.execute(UpdateDesignDocument, { datasetId: id, input });
    return errors?.[0]?.message;
  }

  it('place addresses and coordinates, and count what they cannot place', async () => {
    const id = await shops([BY_ADDRESS, BY_COORDINATES]);
    const job = await sluice.push(id, [
      SHOP,
      { ...SHOP, id: 2, city: 'No Such Place At All' },
      { ...SHOP, id: 3, city: null, country: null, lat: null },
    ]);
    expect(job.counts).toMatchObject({ read: 3, added: 3, failed: 0, unplaced: 1 });
    const [first, second, third] = await sluice.values(id, 'id');
    const place = first?.place as { lat: number; lon: number } | undefined;
    expect(Math.hypot((place?.lat ?? 0) - 50.45, (place?.lon ?? 0) - 30.52)).toBeLessThan(0.1);
    expect([first?.spot, second?.place, third?.place, third?.spot]).toEqual([
      { lat: 50.45, lon: 30.52 },
      null,
      null,
      null,
    ]);
  });

  it('of upserts and reloads see the whole record', async () => {
    const id = await shops([BY_ADDRESS]);
    await sluice.push(id, [SHOP]);
    const { body } = await sluice.post('/dataload/postdata?wait=60', {
      datasetId: id,
      documentUpdateMethod: 'UPSERT',
      data: [{ id: 1, city: 'No Such Place At All' }],
    });
    expect(body).toMatchObject({ statusJob: { status: 'Complete' } });
    expect((await sluice.values(id))[0]?.place).toBeNull();
    await sluice.edit(id, { geolocations: [{ id: 'place', name: 'place', address: { country: 'country' } }] });
    const reload = await sluice.apply(id);
    expect(reload).toMatchObject({ status: 'COMPLETE', counts: { read: 1, added: 1, unplaced: 0 } });
    expect((await sluice.values(id))[0]?.place).toMatchObject({ lat: expect.any(Number) });
  });

  it('stand after the transformations, and see what they made', async () => {
    const transformations = [
      { id: 'land', name: 'land', output: { create: 'land' }, step: { uppercase: { column: 'country' } } },
    ];
    const id = await shops([{ ...BY_ADDRESS, address: { city: 'city', country: 'land' } }], { transformations });
    const read = await design(id);
    expect(read.transformations).toEqual([{ id: 'land' }]);
    expect(read.geolocations).toMatchObject([
      { id: 'place', column: 'place', address: { city: 'city', country: 'land' }, coordinates: null },
    ]);
    expect(read.columns.at(-1)).toMatchObject({
      id: 'place',
      path: null,
      type: 'GEO_POINT',
      origin: 'GEOLOCATION',
      enabled: true,
    });
    await sluice.edit(id, { transformations: transformations.map((one) => ({ ...one, enabled: false })) });
    const [disabled] = (await design(id)).geolocations;
    expect(disabled?.disabledReason).toBe('it uses "land", which step "land" creates: it is disabled');
    await sluice.edit(id, { transformations, geolocations: [] });
    const { changes, columns } = await design(id);
    expect(changes).toContainEqual(expect.objectContaining({ path: '/geolocations', effect: 'RELOAD', after: [] }));
    expect(columns.map((column) => column.id)).not.toContain('place');
  });

  it('take part in a preview', async () => {
    const id = await shops([]);
    const { previewDesign } = await sluice.query(PreviewDesignDocument, {
      datasetId: id,
      design: { geolocations: [BY_COORDINATES] },
      data: [SHOP, { ...SHOP, lat: 91 }],
    });
    const [fits, refused] = previewDesign.records;
    expect(fits?.steps).toMatchObject([{ transformation: 'spot', values: { spot: { lat: 50.45, lon: 30.52 } } }]);
    expect(refused?.errors[0]).toMatchObject({ code: 'TRANSFORMATION_FAILED', step: 'spot' });
    expect(refused?.errors[0]?.message).toBe('geolocation "spot": the latitude is 91; it must be from -90 to 90');
  });

  it('keep their column when they are renamed', async () => {
    const id = await shops([BY_COORDINATES]);
    await sluice.edit(id, { geolocations: [{ ...BY_COORDINATES, name: 'where it is' }] });
    expect((await design(id)).geolocations).toMatchObject([{ id: 'spot', name: 'where it is', column: 'spot' }]);
    expect((await design(id)).columns.at(-1)).toMatchObject({ id: 'spot', name: 'spot' });
  });

  it.each<[string, GeolocationInput, string]>([
    ['neither kind of columns', { name: 'g' }, 'geolocations[0] has neither address nor coordinates'],
    [
      'both kinds',
      { ...BY_ADDRESS, coordinates: { latitude: 'lat', longitude: 'lon' } },
      'has both address and coordinates',
    ],
    ['no part of an address', { name: 'g', address: {} }, 'address has no column'],
    [
      'an unknown column',
      { name: 'g', address: { city: 'town' } },
      'geolocation "g": city is "town": no column has this id',
    ],
    ['the name of a column', { ...BY_COORDINATES, name: 'city' }, 'another column has that id or name'],
    [
      'a point out of range as replacement',
      { ...BY_COORDINATES, onError: 'REPLACE_VALUE', replaceWith: { lat: 91, lon: 0 } },
      'give a GEO_POINT value',
    ],
  ])('are refused with %s', async (_, geolocation, message) => {
    const id = await shops([]);
    expect(await refusal(id, [geolocation])).toContain(message);
  });
});
