import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { NULL_PLACES, type NullPlace, type SortDirection } from '../../../domain/transform/element-order.js';
import { ARRAY_FUNCTIONS, type ArrayFunction } from '../../../domain/transform/steps/aggregate-array.js';
import { ITEM_PLACES, type ItemPlace } from '../../../domain/transform/steps/select-item.js';
import { columnId } from '../input-bounds.js';
import { RecordFilterObject } from '../inputs.js';
import { asEnum, Direction, described } from '../types/enums.js';

const ARRAY =
  'The id of a column of any array type, also of an array of objects. If its value is null, the result is null.';

const NullPlaceNames = asEnum(NULL_PLACES);
registerEnumType(NullPlaceNames, {
  name: 'NullPlace',
  description: 'Where nulls are in a sorted array, in both directions.',
  valuesConfig: described<NullPlace>({ FIRST: 'Before all values.', LAST: 'After all values.' }),
});

const ItemPlaceNames = asEnum(ITEM_PLACES);
registerEnumType(ItemPlaceNames, {
  name: 'ItemPlace',
  description: 'Which element of an array.',
  valuesConfig: described<ItemPlace>({ FIRST: 'The first element.', LAST: 'The last element.' }),
});

const ArrayFunctionNames = asEnum(ARRAY_FUNCTIONS);
registerEnumType(ArrayFunctionNames, {
  name: 'ArrayFunction',
  description: 'How the elements of an array become one value. Null elements do not count.',
  valuesConfig: described<ArrayFunction>({
    COUNT: 'How many there are. Gives NUMERIC.',
    SUM: 'The sum of numbers; 0 if there are none. Gives NUMERIC.',
    AVG: 'The mean of numbers; null if there are none. Gives NUMERIC.',
    MIN: 'The smallest; null if there are none. Texts are compared by code point. Gives the type of the elements.',
    MAX: 'The largest; null if there are none. Gives the type of the elements.',
    JOIN: 'All of them as one text, with a separator; an empty text if there are none. Gives TEXT.',
  }),
});

@InputType({ description: 'One value by which elements are sorted.' })
class ElementOrderInput {
  @columnId()
  @Field(() => ID, {
    nullable: true,
    description:
      'Of an array of objects: the id of a column inside it, such as `items.price`. Of other arrays leave it out: the elements are sorted by their own values.',
  })
  column?: string | null;

  @Field(() => Direction, { defaultValue: 'ASC', description: 'The direction.' })
  direction: SortDirection;

  @Field(() => NullPlaceNames, { defaultValue: 'LAST', description: 'Where nulls are.' })
  nulls: NullPlace;
}

@InputType({ description: 'The elements of an array to keep.' })
export class FilterArrayInput {
  @columnId()
  @Field(() => ID, { description: ARRAY })
  column: string;

  @Field(() => RecordFilterObject, {
    description:
      'The condition on each element, in the filter language of queries. Of an array of objects it names columns inside the array, such as `items.price`; of other arrays the array itself, which stands for the element.',
  })
  where: RecordFilterObject;
}

@InputType({ description: 'An element of an array.' })
export class SelectItemInput {
  @columnId()
  @Field(() => ID, { description: ARRAY })
  column: string;

  @Field(() => ItemPlaceNames, { defaultValue: 'FIRST', description: 'Which element, after sorting.' })
  item: ItemPlace;

  @Field(() => [ElementOrderInput], {
    nullable: true,
    description:
      'How the elements are sorted first, 1 to 10 entries. The default is the order in which they were sent.',
  })
  orderBy?: ElementOrderInput[] | null;

  @columnId()
  @Field(() => ID, {
    nullable: true,
    description:
      'Of an array of objects: the id of the column inside it whose value is taken. Leave it out for other arrays.',
  })
  take?: string | null;
}

@InputType({ description: 'An array, and the function to apply.' })
export class AggregateArrayInput {
  @columnId()
  @Field(() => ID, { description: ARRAY })
  column: string;

  @Field(() => ArrayFunctionNames, { description: 'How the elements become one value.' })
  function: ArrayFunction;

  @columnId()
  @Field(() => ID, {
    nullable: true,
    description:
      'Of an array of objects: the id of the column inside it whose values are taken. COUNT without it counts the objects. Leave it out for other arrays.',
  })
  take?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only for JOIN: the text between two values. The default is a comma and a space.',
  })
  separator?: string | null;
}

@InputType({ description: 'An array of which equal elements are kept once.' })
export class DistinctArrayInput {
  @columnId()
  @Field(() => ID, { description: ARRAY })
  column: string;

  @columnId()
  @Field(() => [ID], {
    nullable: true,
    description:
      'Of an array of objects: the ids of 1 to 20 columns inside it. Objects with equal values of all of them are equal. By default the whole objects are compared.',
  })
  by?: string[] | null;
}

@InputType({ description: 'An array to sort.' })
export class SortArrayInput {
  @columnId()
  @Field(() => ID, { description: ARRAY })
  column: string;

  @Field(() => [ElementOrderInput], {
    description:
      '1 to 10 values to sort by, the most important first. Elements that are equal in all of them keep their order. Give [{}] to sort an array without objects.',
  })
  orderBy: ElementOrderInput[];
}
