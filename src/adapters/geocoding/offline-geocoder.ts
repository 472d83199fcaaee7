import { candidates, locate } from '../../domain/geolocation/locate.js';
import { rememberedPlaces } from '../../domain/geolocation/remembered-places.js';
import type { LoadedGeocoder, OfflineGeocoder } from '../../ports/geocoder.js';
import { gazetteerOf, type PlacesData, readPlaces } from './load-gazetteer.js';
import { PostalCodes, type PostalCodesData, readPostalCodes } from './postal-codes.js';

/** What a geocoder consists of, in shared memory. */
export interface SharedGeocoder {
  readonly places: PlacesData;
  readonly postalCodes: PostalCodesData | null;
}

/** A geocoder on the file of places and, if the operator has it, GeoNames' file of postal codes. Loaded, it takes 120 to 140 MB of memory, and 1.8 million postal codes 100 MB more. */
export function offlineGeocoder(postalCodesFile?: string): OfflineGeocoder {
  let loading: Promise<LoadedGeocoder> | undefined;
  return {
    load() {
      loading ??= load(postalCodesFile).catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
  };
}

async function load(postalCodesFile: string | undefined): Promise<LoadedGeocoder> {
  const places = await readPlaces();
  const postalCodes = postalCodesFile === undefined ? null : (await readPostalCodes(postalCodesFile)).data;
  return geocoderOf({ places, postalCodes });
}

/** The geocoder with this data, which another thread may have loaded. */
export async function geocoderOf(shared: SharedGeocoder): Promise<LoadedGeocoder> {
  const places = await gazetteerOf(shared.places);
  const postalCodes = shared.postalCodes && PostalCodes.of(shared.postalCodes);
  const gazetteer = postalCodes === null ? places : places.withPostalCodes(postalCodes);
  const dataVersion = `GeoNames ${places.version}`;
  return {
    dataVersion: postalCodes === null ? dataVersion : `${dataVersion}, postal codes ${postalCodes.version}`,
    hasPostalCodes: postalCodes !== null,
    shared,
    locate: rememberedPlaces((address) => locate(gazetteer, address)),
    candidates: (address, limit) => candidates(gazetteer, address, limit),
  };
}
