import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Geocoded } from '../../usecases/geocode-address.js';
import type { GraphqlContext } from './context.js';
import { GeocodeAddressInput, GeocodeResultObject } from './types/geocode.js';

@Resolver()
export class GeocodeResolver {
  @Query(() => GeocodeResultObject, {
    description:
      'Tries one address with the offline places: the place that a geolocation would give it, unless the service asks a geocoder of its operator; then a preview shows what that one gives. The first request of a process takes about a second longer, because the places are loaded. Errors: BAD_REQUEST for a part of more than 1,000 characters, FORBIDDEN.',
  })
  geocode(
    @Arg('address', () => GeocodeAddressInput, { description: 'What is known of the address.' })
    address: GeocodeAddressInput,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<Geocoded> {
    return useCases.geocodeAddress({ ...address }, caller);
  }
}
