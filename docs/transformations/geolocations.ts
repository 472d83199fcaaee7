import type { Example } from './example.js';

/** An example of each kind of geolocation: `step` is a `GeolocationInput`. */
export const GEOLOCATIONS: Readonly<Record<string, Example>> = {
  address: {
    step: '{ name: "result", address: { city: "city", country: "country" } }',
    records: [
      { record: { city: 'Kyiv', country: 'UA' }, value: { lat: 50.4547, lon: 30.5238 } },
      { record: { city: 'Springfield', country: 'Atlantis' }, value: null },
    ],
  },
  coordinates: {
    step: '{ name: "result", coordinates: { latitude: "lat", longitude: "lon" } }',
    records: [
      { record: { lat: 50.4547, lon: 30.5238 }, value: { lat: 50.4547, lon: 30.5238 } },
      { record: { lat: null, lon: 30.5 }, value: null },
    ],
  },
};
