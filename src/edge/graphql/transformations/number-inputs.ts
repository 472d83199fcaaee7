import { Field, Float, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { ROUNDING_MODES, type RoundingMode } from '../../../domain/transform/steps/round.js';
import { columnId } from '../input-bounds.js';
import { asEnum, described } from '../types/enums.js';
import { NumberOperandInput } from './arithmetic-inputs.js';

const RoundingModeNames = asEnum(ROUNDING_MODES);
registerEnumType(RoundingModeNames, {
  name: 'RoundingMode',
  description: 'Where a number with more decimals goes. Negative numbers mirror positive ones.',
  valuesConfig: described<RoundingMode>({
    UP: 'Away from zero: 1.1 becomes 2, and -1.1 becomes -2.',
    DOWN: 'Toward zero: 1.9 becomes 1, and -1.9 becomes -1.',
    NEAREST: 'To the nearest; a half goes away from zero: 2.5 becomes 3, and -2.5 becomes -3.',
  }),
});

@InputType({ description: 'The number that a step takes.' })
export class NumberColumnInput {
  @columnId()
  @Field(() => ID, { description: 'The id of a NUMERIC column. If its value is null, the result is null.' })
  column: string;
}

@InputType({ description: 'How to round a number.' })
export class RoundInput {
  @columnId()
  @Field(() => ID, { description: 'The id of a NUMERIC column. If its value is null, the result is null.' })
  column: string;

  @Field(() => RoundingModeNames, { defaultValue: 'NEAREST', description: 'Up, down or to the nearest.' })
  mode: RoundingMode;

  @Field(() => Int, {
    defaultValue: 0,
    description:
      'How many decimals to keep, 0 to 15. The number is rounded as it is written, not as binary floating point holds it: 1.005 to 2 decimals is 1.01.',
  })
  decimals: number;
}

@InputType({ description: 'A logarithm.' })
export class LogInput {
  @columnId()
  @Field(() => ID, {
    description: 'The id of a NUMERIC column. If its value is null, the result is null; zero or less is an error.',
  })
  column: string;

  @Field(() => Float, { defaultValue: 10, description: 'The base: above 0, and not 1.' })
  base: number;
}

@InputType({ description: 'A power.' })
export class PowerInput {
  @Field(() => NumberOperandInput, { description: 'The number to raise. If it is null, the result is null.' })
  base: NumberOperandInput;

  @Field(() => NumberOperandInput, {
    description:
      'The exponent. If it is null, the result is null. Errors: zero with a negative exponent, a negative number with a fractional exponent, and a result that is too large for a double.',
  })
  exponent: NumberOperandInput;
}
