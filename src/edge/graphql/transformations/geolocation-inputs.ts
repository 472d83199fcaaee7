import { Field, ID, InputType } from 'type-graphql';
import type { JsonValue } from '../../../domain/json/json-value.js';
import type { ErrorTreatment } from '../../../domain/transform/transformation.js';
import { columnId } from '../input-bounds.js';
import { JsonScalar } from '../scalars.js';
import { ErrorTreatmentNames } from './transformation-types.js';

@InputType({
  description:
    'The columns with the parts of an address, at least one. Names may be in any language, and codes such as DE or US-GA are understood. A country or a region alone gives its centre.',
})
export class AddressColumnsInput {
  @columnId()
  @Field(() => ID, { nullable: true, description: 'The id of the column with the city.' })
  city?: string | null;

  @columnId()
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the column with the region: a state, province or similar.',
  })
  region?: string | null;

  @columnId()
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the column with the country: a name or an ISO 3166 code.',
  })
  country?: string | null;

  @columnId()
  @Field(() => ID, { nullable: true, description: 'The id of the column with the postal code.' })
  postalCode?: string | null;
}

@InputType({ description: 'The NUMERIC columns with the coordinates of a point, in degrees.' })
export class CoordinateColumnsInput {
  @columnId()
  @Field(() => ID, { description: 'The id of the column with the latitude, from -90 to 90.' })
  latitude: string;

  @columnId()
  @Field(() => ID, { description: 'The id of the column with the longitude, from -180 to 180.' })
  longitude: string;
}

@InputType({ description: 'A geolocation: it creates a column of points. Give either address or coordinates.' })
export class GeolocationInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Its id: 1 to 64 letters, digits, - and _, unique among the transformations and geolocations. Give the id of an existing geolocation to keep the column that it creates. The default is a new id.',
  })
  id?: string | null;

  @Field({ description: 'A display name, 1 to 200 characters. The created column gets this name.' })
  name: string;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it runs.' })
  enabled: boolean;

  @Field(() => ErrorTreatmentNames, {
    defaultValue: 'REJECT_RECORD',
    description:
      'What happens to a record with coordinates that are out of range. An address that cannot be found is no error: its point is null, and the record is counted in counts.unplaced. One for which a geocoder of the operator gave no answer is an error.',
  })
  onError: ErrorTreatment;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Only with REPLACE_VALUE: the point to use instead, `{lat, lon}`, or null.',
  })
  replaceWith?: JsonValue;

  @Field(() => AddressColumnsInput, { nullable: true, description: 'The columns with the parts of an address.' })
  address?: AddressColumnsInput | null;

  @Field(() => CoordinateColumnsInput, { nullable: true, description: 'The columns with coordinates.' })
  coordinates?: CoordinateColumnsInput | null;
}
