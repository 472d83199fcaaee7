import { Field, ID, InputType } from 'type-graphql';
import type { JsonValue } from '../../../domain/json/json-value.js';
import type { ErrorTreatment } from '../../../domain/transform/transformation.js';
import { columnId } from '../input-bounds.js';
import { JsonScalar } from '../scalars.js';
import { type StepInput, StepInputObject } from './step-input.js';
import { ErrorTreatmentNames } from './transformation-types.js';

@InputType({ description: 'Where the value of a transformation goes. Give exactly one of these fields.' })
class StepOutputInput {
  @columnId()
  @Field(() => ID, {
    nullable: true,
    description:
      'The id of a column whose values it replaces. The column keeps its type. It must not be a unique identifier.',
  })
  update?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of a column that the transformation creates: 1 to 200 characters that no column has as id or name. It is also the id of the column, and never changes.',
  })
  create?: string | null;
}

@InputType({ description: 'One entry of the list of transformations.' })
export class TransformationInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Its id: 1 to 64 letters, digits, - and _, unique in the list. Give the id of an existing transformation to keep the column that it creates. The default is a new id.',
  })
  id?: string | null;

  @Field({ description: 'A display name, 1 to 200 characters.' })
  name: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether it runs. Disabling it disables the transformations that read the column that it creates.',
  })
  enabled: boolean;

  @Field(() => StepOutputInput, {
    nullable: true,
    description: 'Where its value goes. Leave it out for a step that gives no value.',
  })
  output?: StepOutputInput | null;

  @Field(() => ErrorTreatmentNames, {
    defaultValue: 'REJECT_RECORD',
    description: 'What happens to a record for which it cannot give a value.',
  })
  onError: ErrorTreatment;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Only with REPLACE_VALUE: the value to use instead, of the type of the output; null for no value.',
  })
  replaceWith?: JsonValue;

  @Field(() => StepInputObject, { description: 'What it does.' })
  step: StepInput;
}
