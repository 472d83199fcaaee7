import { Field, Float, InputType, ObjectType, registerEnumType } from 'type-graphql';
import {
  type Address,
  IGNORED_POSTAL_CODE_REASONS,
  type IgnoredPostalCodeReason,
  type Place,
  PRECISIONS,
  type Precision,
  UNPLACED_REASONS,
  type UnplacedReason,
} from '../../../domain/geolocation/address.js';
import type { Geocoded } from '../../../usecases/geocode-address.js';
import { asEnum, described } from './enums.js';

const GeoPrecision = asEnum(PRECISIONS);
registerEnumType(GeoPrecision, {
  name: 'GeoPrecision',
  description: 'What the point of a place stands for.',
  valuesConfig: described<Precision>({
    CITY: 'A populated place.',
    POSTAL_CODE: 'The middle of a postal code.',
    REGION: 'The centre of a region: the place nearest to where its people are on average.',
    COUNTRY: 'The centre of a country, found in the same way.',
  }),
});

const GeoUnplacedReason = asEnum(UNPLACED_REASONS);
registerEnumType(GeoUnplacedReason, {
  name: 'GeoUnplacedReason',
  description: 'Why an address cannot be placed.',
  valuesConfig: described<UnplacedReason>({
    NO_ADDRESS: 'Every part is empty.',
    UNKNOWN_COUNTRY: 'The data has no country of that name or code.',
    UNKNOWN_REGION: 'The data has no region of that name or code, and there is no city.',
    UNKNOWN_CITY: 'The data has no city of that name.',
    UNKNOWN_POSTAL_CODE: 'Only a postal code is given, and it or its country is unknown.',
    AMBIGUOUS_CITY: 'The data does not have the region, and there are several cities of that name.',
    CONTRADICTION:
      'The city is not in the region or country, the region is not in the country, or the postal code is far from the city.',
  }),
});

const GeoIgnoredPostalCodeReason = asEnum(IGNORED_POSTAL_CODE_REASONS);
registerEnumType(GeoIgnoredPostalCodeReason, {
  name: 'GeoIgnoredPostalCodeReason',
  description: 'Why the postal code of an address counts for nothing.',
  valuesConfig: described<IgnoredPostalCodeReason>({
    NO_FILE: 'The service has no file of postal codes (SLUICE_POSTAL_CODES).',
    UNKNOWN: 'The file does not have this postal code, or its country is not certain.',
  }),
});

@InputType({ description: 'What is known of an address. Every part may be missing or empty.' })
export class GeocodeAddressInput implements Address {
  @Field(() => String, { nullable: true, description: 'It counts only where the service has a file of postal codes.' })
  postalCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of a populated place, in any language that the data has.',
  })
  city?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A state, province, county or the like: a name, or an ISO 3166-2 code with or without the country (AU-NSW, NSW).',
  })
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'A name, or an ISO 3166-1 code of two or three letters.' })
  country?: string | null;
}

@ObjectType('GeocodePlace', { description: 'A place that matches an address.' })
class GeocodePlaceObject implements Place {
  @Field(() => Float, { description: 'The latitude in degrees.' })
  lat: number;

  @Field(() => Float, { description: 'The longitude in degrees.' })
  lon: number;

  @Field({ description: 'The name of the city, region or country; for a postal code, the code.' })
  name: string;

  @Field(() => String, {
    nullable: true,
    description: 'The English name of the first-level region that it is in; null if the data does not say.',
  })
  region: string | null;

  @Field({ description: 'The ISO 3166-1 code of two letters; XK for Kosovo.' })
  country: string;

  @Field(() => Float, { description: 'How many people live there; 0 if unknown, and for a postal code.' })
  population: number;

  @Field(() => GeoPrecision, { description: 'What the point stands for.' })
  precision: Precision;
}

@ObjectType('GeocodeResult', { description: 'What an address gives.' })
export class GeocodeResultObject implements Geocoded {
  @Field(() => GeocodePlaceObject, { nullable: true, description: 'The best place; null if no place fits.' })
  place: Place | null;

  @Field(() => GeoUnplacedReason, { nullable: true, description: 'Why there is no place; null if there is one.' })
  reason: UnplacedReason | null;

  @Field(() => GeoIgnoredPostalCodeReason, {
    nullable: true,
    description:
      'Why the postal code counted for nothing: the place is then that of the other parts, such as the centre of the country. Null if no postal code was given, if it counted, or if reason says why there is no place.',
  })
  postalCodeIgnored: IgnoredPostalCodeReason | null;

  @Field(() => [GeocodePlaceObject], { description: 'At most 10 other places that fit the address, the best first.' })
  runnersUp: readonly Place[];

  @Field({ description: 'The data that was used, with its date. GeoNames data: CC BY 4.0, geonames.org.' })
  dataVersion: string;
}
