import { describe, expect, it } from '@jest/globals';
import { geoPoint } from './geo-point.js';

describe('geoPoint', () => {
  it.each([
    [35.0116, 135.7681, 35.0116, 135.7681],
    [0, 180, 0, -180],
    [-0, -0, 0, 0],
    [90, 12, 90, 0],
    [-90, -180, -90, 0],
  ])('spells %d, %d as %d, %d', (lat, lon, ofPoint, other) => {
    const point = geoPoint(lat, lon);
    expect([Object.is(point.lat, ofPoint), Object.is(point.lon, other)]).toEqual([true, true]);
  });

  it('puts the longitude first, as MongoDB reads pairs', () => {
    expect(Object.keys(geoPoint(1, 2))).toEqual(['lon', 'lat']);
  });

  it.each([
    [90.000001, 0],
    [-91, 0],
    [0, 180.1],
    [0, -181],
    [Number.NaN, 0],
    [0, Number.NaN],
  ])('refuses %d, %d', (lat, lon) => {
    expect(() => geoPoint(lat, lon)).toThrow(RangeError);
  });
});
