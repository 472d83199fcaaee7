import { Field, ID, ObjectType } from 'type-graphql';
import { DateTimeScalar, JsonObjectScalar } from '../scalars.js';
import { listOf } from './page.js';

@ObjectType('Record', { description: 'One stored row.', simpleResolvers: true })
class RecordObject {
  @Field(() => ID, {
    description:
      "The record's id, `-`, and the number of this row within the record, from 0. Numbers of several digits begin with a letter, `-a10`, so that the ids of a record sort in the order of its rows.",
  })
  id: string;

  @Field(() => ID, { description: 'The id of the record from which the row was made.' })
  recordId: string;

  @Field(() => JsonObjectScalar, {
    description: 'The values by column id; null if there is no value. DATETIME values are ISO 8601 in UTC.',
  })
  values: object;

  @Field(() => JsonObjectScalar, {
    description:
      'The finished links, {url, title}, by column id. A column is left out if it has no link, or if the values of this row give none, for example because one is null.',
  })
  links: object;

  @Field(() => DateTimeScalar, { description: 'When the push that wrote it was accepted.' })
  savedAt: Date;
}

export const RecordList = listOf(RecordObject, 'RecordList', 'rows');
