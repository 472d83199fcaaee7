import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { geoPoint } from '../geo-point.js';
import { circleAround, distanceInMeters, type GeoBox, HALF_CIRCUMFERENCE_METERS, isInBox } from './geo-areas.js';

const box = (north: number, south: number, east: number, west: number): GeoBox => ({ north, south, east, west });

describe('distanceInMeters', () => {
  it.each([
    ['Kyoto to Osaka', [35.0116, 135.7681], [34.6937, 135.5023], 42_870],
    ['London to New York', [51.5074, -0.1278], [40.7128, -74.006], 5_570_230],
    ['over the 180th meridian', [0, 179.5], [0, -179.5], 111_195],
    ['over a pole', [89.5, 0], [89.5, 180], 111_195],
    ['to the other side', [12, 34], [-12, -146], HALF_CIRCUMFERENCE_METERS],
    ['nowhere', [1, 2], [1, 2], 0],
  ] as const)('%s', (_name, [lat, lon], [otherLat, otherLon], expected) => {
    const distance = distanceInMeters(geoPoint(lat, lon), geoPoint(otherLat, otherLon));
    expect(Math.abs(distance - expected)).toBeLessThan(10);
  });
});

describe('isInBox', () => {
  it.each<[string, GeoBox, [number, number], boolean]>([
    ['a point on a corner', box(2, 1, 4, 3), [2, 4], true],
    ['a point on the opposite corner', box(2, 1, 4, 3), [1, 3], true],
    ['a point north of it', box(2, 1, 4, 3), [2.0000001, 3.5], false],
    ['a point east of it', box(2, 1, 4, 3), [1.5, 4.0000001], false],
    ['a box that is a point', box(1, 1, 3, 3), [1, 3], true],
    ['the far side of the 180th meridian', box(10, -10, -170, 170), [0, -175], true],
    ['the 180th meridian, if the box crosses it', box(10, -10, -170, 170), [0, 180], true],
    ['what is outside such a box', box(10, -10, -170, 170), [0, 0], false],
    ['the 180th meridian on the east edge', box(10, -10, 180, 170), [0, -180], true],
    ['the 180th meridian on the west edge', box(10, -10, -170, 180), [0, 180], true],
    ['a box that is the 180th meridian', box(10, -10, -180, 180), [0, 180], true],
    ['what is not on it', box(10, -10, -180, 180), [0, 179.9], false],
    ['a box that goes around', box(10, -10, 180, -180), [0, 77], true],
    ['the north pole, whatever the longitudes', box(90, 80, 20, 10), [90, 150], true],
    ['the south pole', box(-80, -90, 20, 10), [-90, 0], true],
    ['a pole that the box does not reach', box(89.9, 80, 20, -10), [90, 0], false],
  ])('%s', (_name, area, [lat, lon], expected) => {
    expect(isInBox(geoPoint(lat, lon), area)).toBe(expected);
  });
});

const latitude = fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, -89.9, 0, 60, 90));
const longitude = fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, -1, 0, 1, 90, 180));
const someBox = fc
  .tuple(latitude, latitude, longitude, longitude)
  .map(([one, other, east, west]) => box(Math.max(one, other), Math.min(one, other), east, west));

describe('circleAround', () => {
  it('has all of the box, also around the poles and over the 180th meridian', () => {
    const inside = fc.tuple(
      someBox,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(inside, ([area, up, right]) => {
        const circle = circleAround(area);
        if (!circle) return;
        const width = area.west > area.east ? area.east - area.west + 360 : area.east - area.west;
        const lon = area.west + right * width;
        const lat = Math.min(area.north, area.south + up * (area.north - area.south));
        const point = geoPoint(lat, Math.max(-180, lon > 180 ? lon - 360 : lon));
        expect(distanceInMeters(point, circle.center)).toBeLessThanOrEqual(circle.meters);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [box(10, -10, 180, -180), null],
    [box(10, -10, -1, 0), null],
    [box(1, 1, 3, 3), { center: geoPoint(1, 3), meters: 1 }],
  ])('of %j is %j', (area, expected) => {
    expect(circleAround(area)).toEqual(expected);
  });
});
