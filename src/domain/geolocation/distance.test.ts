import { describe, expect, it } from '@jest/globals';
import { distanceMeters } from './distance.js';

const PARIS = { lat: 48.8566, lon: 2.3522 };
const LONDON = { lat: 51.5074, lon: -0.1278 };

describe('distanceMeters', () => {
  it('is the length of the great circle', () => {
    expect(distanceMeters(PARIS, LONDON) / 1_000).toBeCloseTo(343.6, 0);
    expect(distanceMeters(PARIS, PARIS)).toBe(0);
  });

  it('is right across the date line, over a pole and to the other side of the Earth', () => {
    const oneDegree = 111_195;
    expect(distanceMeters({ lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 })).toBeCloseTo(oneDegree, -1);
    expect(distanceMeters({ lat: 89.5, lon: 0 }, { lat: 89.5, lon: 180 })).toBeCloseTo(oneDegree, -1);
    expect(distanceMeters({ lat: 0, lon: 0 }, { lat: 0, lon: 180 })).toBeCloseTo(180 * oneDegree, -4);
  });
});
