import type { SourcePlace } from './read-places.js';

/**
 * The place nearest to where the people of these places are on average. That is the point with the smallest expected squared distance to an inhabitant, and it is always
 * within the country or region. Sections of places are counted with their place.
 */
export function centreOf(places: readonly SourcePlace[]): SourcePlace {
  let [x, y, z] = [0, 0, 0];
  for (const place of places) {
    const weight = place.feature === 'PPLX' ? 0 : Math.max(place.population, 1);
    const [px, py, pz] = vectorOf(place);
    x += weight * px;
    y += weight * py;
    z += weight * pz;
  }
  const along = (place: SourcePlace) => {
    const [px, py, pz] = vectorOf(place);
    return x * px + y * py + z * pz;
  };
  return places.reduce((best, place) => (along(place) > along(best) ? place : best));
}

function vectorOf({ lat, lon }: SourcePlace): [number, number, number] {
  const [phi, lambda] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}
