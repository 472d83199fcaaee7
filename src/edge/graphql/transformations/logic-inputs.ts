import { Field, ID, InputType } from 'type-graphql';
import type { JsonValue } from '../../../domain/json/json-value.js';
import { columnId } from '../input-bounds.js';
import { RecordFilterObject } from '../inputs.js';
import { JsonScalar } from '../scalars.js';

@InputType({ description: 'A value: that of a column, or a constant. Give one of the two.' })
export class ValueOperandInput {
  @columnId()
  @Field(() => ID, { nullable: true, description: 'The id of a column.' })
  column?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A constant: a text, a number, true or false. A DATETIME is ISO 8601; without an offset it is UTC.',
  })
  constant?: JsonValue;
}

@InputType({ description: 'Values of which a step gives the first that is not null.' })
export class CoalesceInput {
  @Field(() => [ValueOperandInput], {
    description:
      '2 to 20 values, in their order, all of one type: that of the columns, or of the first constant if there is no column.',
  })
  values: ValueOperandInput[];
}

@InputType({ description: 'One branch of an ifElse step.' })
class BranchInput {
  @Field(() => RecordFilterObject, {
    description:
      'The condition, in the filter language of queries, on the columns as earlier steps leave them. Null matches only IS_NULL and negated conditions; an empty filter always matches.',
  })
  where: RecordFilterObject;

  @Field(() => ValueOperandInput, { nullable: true, description: 'The value if it matches. The default is null.' })
  value?: ValueOperandInput | null;
}

@InputType({ description: 'Values that a step chooses from by conditions.' })
export class IfElseInput {
  @Field(() => [BranchInput], {
    description:
      '1 to 50 branches, in their order. All values, with that of `else`, have one type: that of the columns, or of the first constant if there is no column.',
  })
  branches: BranchInput[];

  @Field(() => ValueOperandInput, {
    nullable: true,
    description: 'The value if no condition matches. The default is null.',
  })
  else?: ValueOperandInput | null;
}

@InputType({ description: 'A formula.' })
export class FormulaInput {
  @Field({
    description:
      'The formula, in the Common Expression Language (CEL), 1 to 4,000 characters; at most 500 parts, 50 levels deep. A column is read by its id, `price * quantity` or `address.city`, and one whose id is no name as `row["unit price"]`. A column read so that is null makes the result null. To handle null, read it as `row.?price`, which is an optional: `row.?price.orValue(0)`, `row.?a.or(row.?b)`; `has(row.price)` tests it, and `optional.none()` gives null. All numbers are NUMERIC, so 1 / 2 is 0.5; `int()` cuts fractions off. Operators: + - * / % == != < <= > >= && || ! in, `condition ? a : b`, [lists], `list[0]`. Functions: size, string, double, int, bool; of text contains, startsWith, endsWith, indexOf, lastIndexOf, substring, lowerAscii, upperAscii, trim, split, matches (RE2 syntax); of lists join, all, exists, exists_one, map, filter (none of them within another); math.abs, ceil, floor, round, trunc, greatest, least; timestamp, duration, and of dates getFullYear, getMonth (from 0), getDate, getDayOfWeek (from Sunday, 0), getDayOfYear (from 0), getHours, getMinutes, getSeconds, getMilliseconds, each with a time zone if it is not UTC. Positions count code points. Lists have no nulls: null elements of arrays are left out.',
  })
  source: string;
}
