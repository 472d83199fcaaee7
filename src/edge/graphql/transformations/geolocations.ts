import { SluiceError } from '../../../domain/errors.js';
import type { Step } from '../../../domain/transform/step-kinds.js';
import type { GivenTransformation, Transformation } from '../../../domain/transform/transformation.js';
import type { GeolocationInput } from './geolocation-inputs.js';
import type { GeolocationObject } from './geolocation-types.js';
import { withoutNulls } from './to-transformations.js';

/** Geolocations as the domain has them. Throws BAD_REQUEST for one that does not have exactly one of address and coordinates. */
export function toGeolocations(inputs: readonly GeolocationInput[]): GivenTransformation[] {
  return inputs.map(({ id = null, name, enabled, onError, replaceWith = null, ...where }, index) => {
    return { id, name, enabled, onError, replaceWith, output: null, step: toStep(where, index) };
  });
}

function toStep({ address, coordinates }: Pick<GeolocationInput, 'address' | 'coordinates'>, index: number): Step {
  if (address && !coordinates) return { kind: 'locateAddress', settings: withoutNulls(address) as object };
  if (coordinates && !address) return { kind: 'locateCoordinates', settings: { ...coordinates } };
  const field = `geolocations[${index}]`;
  const message = `${field} has ${address ? 'both address and coordinates' : 'neither address nor coordinates'}; give one of them`;
  throw new SluiceError('BAD_REQUEST', message, { field, expected: 'address or coordinates' });
}

/** A geolocation as callers see it. */
export function shownGeolocation(
  { step, output, ...rest }: Transformation,
  disabledReason: string | null,
): GeolocationObject {
  return {
    ...rest,
    disabledReason,
    column: output && 'create' in output ? output.create : rest.name,
    address: step.kind === 'locateAddress' ? step.settings : null,
    coordinates: step.kind === 'locateCoordinates' ? step.settings : null,
  };
}
