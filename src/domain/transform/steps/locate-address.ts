import { geoPoint } from '../../geo-point.js';
import { ADDRESS_PARTS, type Address } from '../../geolocation/address.js';
import { needOfAddress } from '../../geolocation/asked-address.js';
import type { PlaceFinder } from '../../geolocation/place-finder.js';
import { addressAnswer, Needed } from '../answers.js';
import { NOT_PLACED, type StepContext, type StepResult } from '../step-context.js';
import { StepError } from '../step-error.js';
import type { StepKind } from '../step-kind.js';

/** Finds the point of an address, of which any part may be missing: ids of columns whose values are read as text. */
export type LocateAddressStep = { readonly [part in keyof Address]?: string | undefined };

/** An address without any part has no point. One that cannot be placed has none either, and is counted. */
export const locateAddress: StepKind<LocateAddressStep> = {
  plan(step, inputs) {
    const reads = ADDRESS_PARTS.flatMap((part) => {
      const column = step[part];
      return column === undefined ? [] : [{ part, read: inputs.asText(column, part) }];
    });
    if (reads.length === 0) inputs.refuse(`address has no column; give one of ${ADDRESS_PARTS.join(', ')}, or several`);
    return {
      type: 'GEO_POINT',
      compute(row, context) {
        const address: { -readonly [part in keyof Address]: Address[part] } = {};
        for (const { part, read } of reads) address[part] = read(row, context);
        return located(address, context);
      },
    };
  },
};

/**
 * What was recorded for an address comes first: rows that were made with it are made again with it, however the service places addresses now. Without an answer,
 * the address is placed offline, or else asked for.
 */
function located(address: Address, { answers, places }: StepContext): StepResult {
  if (places && answers.size === 0) return placedOffline(places, address);
  const need = needOfAddress(address);
  const answer = need && addressAnswer(answers, need.key);
  if (answer?.fault !== undefined) return new StepError(answer.fault);
  if (answer) return answer.point ?? NOT_PLACED;
  if (places) return placedOffline(places, address);
  return need && new Needed(need);
}

function placedOffline(places: PlaceFinder, address: Address): StepResult {
  const { place, reason } = places.locate(address);
  if (place) return geoPoint(place.lat, place.lon);
  return reason === 'NO_ADDRESS' ? null : NOT_PLACED;
}
