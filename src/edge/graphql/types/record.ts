import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { JsonObjectScalar } from '../scalars.js';
import { listOf } from './page.js';

@ObjectType('Record', { description: 'One stored row.' })
class RecordObject {
  @Field(() => ID, { description: "The record's id, `-`, and which of its rows this is, from 0." })
  id: string;

  @Field(() => ID, { description: 'The record the row was made of.' })
  recordId: string;

  @Field(() => JsonObjectScalar, {
    description: 'Its values by column id; null where there is none. DATETIME as ISO 8601 in UTC.',
  })
  values: object;

  @Field(() => JsonObjectScalar, {
    description:
      'Its links by the id of their column, finished: {url, title}. A column without a link, or with one that names a null, is left out.',
  })
  links: object;

  @Field(() => GraphQLDateTime, { description: 'When the push that wrote it was accepted.' })
  savedAt: Date;
}

export const RecordList = listOf(RecordObject, 'RecordList', 'rows');
