import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { JsonValue } from '../../../domain/json/json-value.js';
import type { ColumnType as ColumnTypeName } from '../../../domain/sample/source-field.js';
import { DateTimeScalar, JsonScalar } from '../scalars.js';
import { ColumnType, ConnectionType } from './enums.js';
import { listOf } from './page.js';

@ObjectType({ description: 'A path in a sample, with the type inferred for it.' })
export class SourceField {
  @Field({
    description:
      'Keys joined by `.`. Inside a key, `.` and `\\` are written `\\.` and `\\\\`. Array levels add nothing: `items.sku`.',
  })
  path: string;

  @Field(() => ColumnType, { description: 'The type of its values.' })
  type: ColumnTypeName;

  @Field(() => String, {
    nullable: true,
    description: 'The path of the object or array of objects that contains it; null at the top.',
  })
  parent: string | null;

  @Field(() => Int, { description: 'Its nesting depth: 0 at the top.' })
  depth: number;

  @Field({ description: 'Whether it is null in at least one record of the sample.' })
  nullable: boolean;

  @Field({ description: 'Whether at least one record of the sample lacks it. Pushes may then leave it out too.' })
  optional: boolean;

  @Field(() => JsonScalar, { nullable: true, description: 'Its first value in the sample; null for objects.' })
  example?: JsonValue;
}

@ObjectType('Connection', {
  description: 'Where records come from: a name and a sample of the JSON that will be pushed.',
})
export class ConnectionObject {
  @Field(() => ID, { description: 'Never changes.' })
  id: string;

  @Field({ description: 'For people; need not be unique.' })
  name: string;

  @Field(() => ConnectionType, { description: 'Always PUSH_API.' })
  type: 'PUSH_API';

  @Field(() => DateTimeScalar, { description: 'When it was created.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { description: 'When its name or sample last changed.' })
  updatedAt: Date;
}

export const ConnectionList = listOf(ConnectionObject, 'ConnectionList', 'connections, newest first');
