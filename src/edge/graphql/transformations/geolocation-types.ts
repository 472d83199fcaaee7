import { Field, ID, ObjectType } from 'type-graphql';
import { StepObject } from './transformation-types.js';

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
export class GeolocationObject extends StepObject {
  @Field(() => ID, { description: 'The id of the column that it creates.' })
  column: string;

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
