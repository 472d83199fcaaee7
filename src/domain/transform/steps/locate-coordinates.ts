import { geoPoint, isLatitude, isLongitude } from '../../geo-point.js';
import { StepError } from '../step-error.js';
import type { StepKind } from '../step-kind.js';

/** Makes a point of two NUMERIC columns, in degrees. */
export interface LocateCoordinatesStep {
  readonly latitude: string;
  readonly longitude: string;
}

export const locateCoordinates: StepKind<LocateCoordinatesStep> = {
  plan({ latitude, longitude }, inputs) {
    const readLatitude = inputs.number(latitude, 'latitude');
    const readLongitude = inputs.number(longitude, 'longitude');
    return {
      type: 'GEO_POINT',
      compute(row, context) {
        const [lat, lon] = [readLatitude(row, context), readLongitude(row, context)];
        if (lat === null || lon === null) return null;
        if (!isLatitude(lat)) return new StepError(`the latitude is ${lat}; it must be from -90 to 90`);
        if (!isLongitude(lon)) return new StepError(`the longitude is ${lon}; it must be from -180 to 180`);
        return geoPoint(lat, lon);
      },
    };
  },
};
