import { Field, ID, ObjectType } from 'type-graphql';
import type { JsonValue } from '../../../domain/json/json-value.js';
import type { ErrorTreatment } from '../../../domain/transform/transformation.js';
import { JsonScalar } from '../scalars.js';
import { ErrorTreatmentNames } from './transformation-types.js';

@ObjectType('AddressColumns', { description: 'The columns with the parts of an address.' })
class AddressColumnsObject {
  @Field(() => ID, { nullable: true, description: 'The id of the column with the city.' })
  city?: string | undefined;

  @Field(() => ID, { nullable: true, description: 'The id of the column with the region.' })
  region?: string | undefined;

  @Field(() => ID, { nullable: true, description: 'The id of the column with the country.' })
  country?: string | undefined;

  @Field(() => ID, { nullable: true, description: 'The id of the column with the postal code.' })
  postalCode?: string | undefined;
}

@ObjectType('CoordinateColumns', { description: 'The columns with the coordinates of a point.' })
class CoordinateColumnsObject {
  @Field(() => ID, { description: 'The id of the column with the latitude.' })
  latitude: string;

  @Field(() => ID, { description: 'The id of the column with the longitude.' })
  longitude: string;
}

@ObjectType('Geolocation', {
  description: 'A group of columns that says where something is, and the column of points that it creates.',
})
export class GeolocationObject {
  @Field(() => ID, { description: 'Its id, unique among the transformations and geolocations of the design.' })
  id: string;

  @Field({ description: 'A display name.' })
  name: string;

  @Field(() => ID, { description: 'The id of the column that it creates.' })
  column: string;

  @Field({ description: 'Whether it is set to run.' })
  enabled: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why it does not run: it is disabled, or a transformation that it depends on is; null if it runs.',
  })
  disabledReason: string | null;

  @Field(() => ErrorTreatmentNames, { description: 'What happens to a record with coordinates that are out of range.' })
  onError: ErrorTreatment;

  @Field(() => JsonScalar, { nullable: true, description: 'With REPLACE_VALUE: the point to use instead.' })
  replaceWith: JsonValue;

  @Field(() => AddressColumnsObject, {
    nullable: true,
    description: 'The columns with an address; null if it has coordinates.',
  })
  address: AddressColumnsObject | null;

  @Field(() => CoordinateColumnsObject, {
    nullable: true,
    description: 'The columns with coordinates; null if it has an address.',
  })
  coordinates: CoordinateColumnsObject | null;
}
