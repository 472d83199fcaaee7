import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type GeoPoint, geoPoint } from '../../src/domain/geo-point.js';
import { distanceInMeters, type GeoBox, HALF_CIRCUMFERENCE_METERS } from '../../src/domain/query/geo-areas.js';
import type { RecordFilter } from '../../src/domain/query/record-query.js';
import type { StoreBench } from './record-store.bench.js';
import { POINT, row } from './record-store.rows.js';

const column = POINT;
const not = (filter: RecordFilter): RecordFilter => ({ kind: 'NOT', filter });
const within = (meters: number, lat: number, lon: number): RecordFilter => ({
  kind: 'WITHIN_DISTANCE',
  column,
  circle: { center: geoPoint(lat, lon), meters },
});
const inBox = (north: number, south: number, east: number, west: number): RecordFilter => ({
  kind: 'WITHIN_BOX',
  column,
  box: { north, south, east, west },
});

const PLACES: Readonly<Record<string, GeoPoint>> = {
  kyoto: geoPoint(35.0116, 135.7681),
  osaka: geoPoint(34.6937, 135.5023),
  tokyo: geoPoint(35.6895, 139.6917),
  fiji: geoPoint(-17, 179.5),
  line: geoPoint(-17, 180),
  samoa: geoPoint(-17, -179.5),
  north: geoPoint(90, 55),
  south: geoPoint(-90, 0),
  zero: geoPoint(0, 0),
  nearNorth: geoPoint(89.9, -120),
  tenth: geoPoint(0.1, 0.3),
};
const KYOTO_OSAKA = distanceInMeters(geoPoint(35.0116, 135.7681), geoPoint(34.6937, 135.5023));
const ALL_PLACES = Object.keys(PLACES);

/** `numRuns`: how many random sets of points are searched, each in its own index or collection. */
export function describePoints(bench: () => StoreBench, numRuns = 25): void {
  describe('points', () => {
    const writePlaces = () =>
      bench().write([row('none', {}), ...Object.entries(PLACES).map(([id, c9]) => row(id, { c9 }))]);

    it('are read as they were written', async () => {
      await bench().write([row('a', { c9: geoPoint(35.0116, 135.7681) }), row('b', { c1: 'x' })]);
      await bench().write([row('a', { c9: geoPoint(-1e-7, 180) }, 2)]);
      const { store, generation } = bench();
      const point = { lat: -1e-7, lon: -180 };
      expect(await store.readValues(generation, 'a')).toEqual({ c9: point });
      expect((await bench().walk()).map(({ values }) => values)).toEqual([{ c9: point }, { c1: 'x' }]);
      expect(await store.readValuesOf(generation, ['a', 'b'], ['c9'])).toEqual(
        new Map([
          ['a', { c9: point }],
          ['b', {}],
        ]),
      );
      const scanned = await store.scan(generation, within(1, 0, -180), '', { maxRows: 9, maxBytes: 1_000_000 });
      expect(scanned).toEqual([row('a', { c9: geoPoint(-1e-7, 180) }, 2)]);
    });

    it.each<[string, RecordFilter, string[]]>([
      ['within a distance', within(50_000, 35.0116, 135.7681), ['kyoto', 'osaka']],
      ['within a distance of 0', within(0, 0.1, 0.3), ['tenth']],
      ['within a millimetre', within(0.001, 0.1, 0.3), ['tenth']],
      ['a millimetre inside the circle', within(KYOTO_OSAKA + 0.001, 35.0116, 135.7681), ['kyoto', 'osaka']],
      ['a millimetre outside of the circle', within(KYOTO_OSAKA - 0.001, 35.0116, 135.7681), ['kyoto']],
      ['a circle over the 180th meridian', within(120_000, -17, 179.5), ['fiji', 'line', 'samoa']],
      ['a circle over a pole', within(30_000, 89.95, 60), ['nearNorth', 'north']],
      ['a circle around the other pole', within(1, -90, 0), ['south']],
      ['a circle around Earth', within(HALF_CIRCUMFERENCE_METERS, 1, 2), ALL_PLACES],
      ['a circle with all but the other side', within(20_000_000, 0, 180), ALL_PLACES.filter((id) => id !== 'zero')],
      ['a box', inBox(36, 34, 136, 135), ['kyoto', 'osaka']],
      ['a box with points on its edges', inBox(35.0116, 34.6937, 135.7681, 135.5023), ['kyoto', 'osaka']],
      ['a box that is a point', inBox(0.1, 0.1, 0.3, 0.3), ['tenth']],
      ['a box over the 180th meridian', inBox(0, -20, -179, 179), ['fiji', 'line', 'samoa']],
      ['a box up to the 180th meridian', inBox(0, -20, 180, 179), ['fiji', 'line']],
      ['a box from the 180th meridian', inBox(0, -20, -179, -180), ['line', 'samoa']],
      ['a box around a pole', inBox(90, 89, -100, -130), ['nearNorth', 'north']],
      ['a box that touches both poles', inBox(90, -90, 2, 1), ['north', 'south']],
      ['a box around Earth', inBox(90, -90, 180, -180), ALL_PLACES],
      ['a wide box', inBox(1, -1, 170, -60), ['tenth', 'zero']],
      ['null', { kind: 'IS_NULL', column }, ['none']],
      ['not null', not({ kind: 'IS_NULL', column }), ALL_PLACES],
      ['the complement of a circle, with null', not(within(19_000_000, 35, 135)), ['none']],
      ['the complement of a box, with null', not(inBox(90, -80, 180, -180)), ['none', 'south']],
      [
        'both of two areas',
        { kind: 'AND', filters: [within(50_000, 35.0116, 135.7681), inBox(35, 34, 136, 135)] },
        ['osaka'],
      ],
      ['one of two areas', { kind: 'OR', filters: [within(0, 0, 0), inBox(90, 90, 0, 0)] }, ['north', 'zero']],
    ])('match %s', async (_name, filter, expected) => {
      await writePlaces();
      expect((await bench().ids(filter)).sort()).toEqual([...expected].sort());
      expect(await bench().count(filter)).toBe(expected.length);
    });

    it('page in the order of another column', async () => {
      await bench().write(Array.from({ length: 12 }, (_, n) => row(`r${n}`, { c2: 12 - n, c9: geoPoint(n, n) })));
      const order = [{ column: { storedKey: 'c2', type: 'NUMERIC' as const }, direction: 'ASC' as const }];
      const found = await bench().walk(within(1_200_000, 0, 0), order, 3);
      expect(found.map(({ id }) => id)).toEqual(['r7', 'r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0']);
    });

    it('are the same rows for random circles and boxes as in a naive evaluation', async () => {
      const search = fc.tuple(fc.array(somePlace, { minLength: 1, maxLength: 40 }), fc.infiniteStream(someArea));
      await fc.assert(
        fc.asyncProperty(search, async ([points, areas]) => {
          const into = await bench().newGeneration();
          await bench().write(
            points.map((c9, index) => row(`r${index}`, { c9 })),
            into,
          );
          for (const makeArea of areas.take(15)) {
            const { filter, contains } = makeArea(points);
            const expected = points.flatMap((point, index) => (contains(point) ? [`r${index}`] : []));
            const found = (await bench().walk(filter, [], 50, into)).map(({ id }) => id);
            expect(found.sort()).toEqual(expected.sort());
            expect(await bench().store.count(into, not(filter))).toBe(points.length - expected.length);
          }
          await bench().store.dropGeneration(into);
        }),
        { numRuns },
      );
    });
  });
}

/** In millionths: numbers are less exact than what would follow from smaller differences. */
const near = (center: number, spread: number) =>
  fc.double({ min: center - spread, max: center + spread, noNaN: true }).map((value) => Math.round(value * 1e6) / 1e6);
const somePlace: fc.Arbitrary<GeoPoint> = fc
  .oneof(
    fc.tuple(near(0, 90), near(0, 180)),
    fc.tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -180, max: 180 })),
    fc.tuple(near(89.999, 0.001), near(0, 180)),
    fc.tuple(near(-89.999, 0.001), near(0, 180)),
    fc.tuple(near(0, 0.01), near(179.999, 0.001)),
    fc.tuple(near(0, 0.01), near(-179.999, 0.001)),
    fc.tuple(near(35.0116, 0.1), near(135.7681, 0.1)),
  )
  .map(([lat, lon]) => geoPoint(lat, lon));

/** A filter, and a naive way to decide about a point. */
interface Area {
  readonly filter: RecordFilter;
  readonly contains: (point: GeoPoint) => boolean;
}

const someIndex = fc.nat({ max: 1_000 });
const at = <T>(all: readonly T[], index: number): T => all[index % all.length] as T;

/** A circle that a point is outside or inside of by a millimetre, or by a metre on the other side of Earth. */
const circleThrough = fc
  .record({ center: somePlace, through: someIndex, isOutside: fc.boolean() })
  .map(({ center, through, isOutside }) => (points: readonly GeoPoint[]): Area => {
    const distance = distanceInMeters(at(points, through), center);
    const off = distance > HALF_CIRCUMFERENCE_METERS - 10_000 ? 1 : 0.001;
    if (isOutside && distance > off) return circle(center, distance - off);
    return circle(center, Math.min(HALF_CIRCUMFERENCE_METERS, distance + off));
  });
const anyCircle = fc
  .record({ center: someIndex, meters: fc.oneof(fc.constantFrom(0, 1, 100), near(1e7, 1e7), near(1e4, 1e4)) })
  .map(
    ({ center, meters }) =>
      (points: readonly GeoPoint[]) =>
        circle(at(points, center), meters),
  );

function circle(center: GeoPoint, meters: number): Area {
  return {
    filter: { kind: 'WITHIN_DISTANCE', column, circle: { center, meters } },
    contains: (point) => angleBetween(point, center) * 6371008.7714 <= meters,
  };
}

/** The angle between two vectors from the middle of Earth: another formula than the one under test. */
function angleBetween(one: GeoPoint, other: GeoPoint): number {
  const [a, b] = [vectorOf(one), vectorOf(other)];
  const cross = Math.hypot(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
  return Math.atan2(cross, a.x * b.x + a.y * b.y + a.z * b.z);
}

function vectorOf({ lat, lon }: GeoPoint) {
  const [φ, λ] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180];
  return { x: Math.cos(φ) * Math.cos(λ), y: Math.cos(φ) * Math.sin(λ), z: Math.sin(φ) };
}

/** A box with its edges through points. */
const someBox = fc
  .tuple(someIndex, someIndex, someIndex, someIndex)
  .map(([one, other, west, east]) => (points: readonly GeoPoint[]): Area => {
    const lats = [at(points, one).lat, at(points, other).lat];
    const edges = { north: Math.max(...lats), south: Math.min(...lats) };
    const box = { ...edges, east: at(points, east).lon, west: at(points, west).lon };
    return { filter: { kind: 'WITHIN_BOX', column, box }, contains: (point) => isInside(point, box) };
  });

/** Goes east from the western edge. */
function isInside({ lat, lon }: GeoPoint, { north, south, east, west }: GeoBox): boolean {
  if (lat < south || lat > north) return false;
  if (Math.abs(lat) === 90) return true;
  return west <= east ? west <= lon && lon <= east : lon >= west || lon <= east;
}

const someArea = fc.oneof(circleThrough, anyCircle, someBox);
