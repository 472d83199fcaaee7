import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { JsonValue } from '../../../domain/json/json-value.js';
import { ERROR_TREATMENTS, type ErrorTreatment } from '../../../domain/transform/transformation.js';
import { JsonObjectScalar, JsonScalar } from '../scalars.js';
import { asEnum, described } from '../types/enums.js';

export const ErrorTreatmentNames = asEnum(ERROR_TREATMENTS);
registerEnumType(ErrorTreatmentNames, {
  name: 'ErrorTreatment',
  description: 'What happens to a record for which a transformation cannot give a value.',
  valuesConfig: described<ErrorTreatment>({
    REJECT_RECORD: 'The record does not fit: mismatchPolicy says what happens to it.',
    IGNORE: 'The column keeps the value that it had; a created column has none.',
    REPLACE_VALUE: 'The column gets the value of replaceWith.',
  }),
});

@ObjectType('StepOutput', { description: 'Where the value of a transformation goes; one of the fields is not null.' })
class StepOutputObject {
  @Field(() => ID, { nullable: true, description: 'The id of the column whose values it replaces.' })
  update?: string;

  @Field(() => ID, { nullable: true, description: 'The id of the column that it creates.' })
  create?: string;
}

/** What transformations and geolocations have in common. */
@ObjectType()
export abstract class StepObject {
  @Field(() => ID, { description: 'Its id, unique among the transformations and geolocations of the design.' })
  id: string;

  @Field({ description: 'A display name.' })
  name: string;

  @Field({ description: 'Whether it is set to run.' })
  enabled: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why it does not run: it is disabled, or a transformation that it depends on is; null if it runs.',
  })
  disabledReason: string | null;

  @Field(() => ErrorTreatmentNames, { description: 'What happens to a record for which it cannot give a value.' })
  onError: ErrorTreatment;

  @Field(() => JsonScalar, { nullable: true, description: 'With REPLACE_VALUE: the value to use instead.' })
  replaceWith: JsonValue;
}

@ObjectType('Transformation', { description: 'One step of the list that shapes every record on its way to rows.' })
export class TransformationObject extends StepObject {
  @Field(() => StepOutputObject, {
    nullable: true,
    description: 'Where its value goes; null for a step that gives no value.',
  })
  output: StepOutputObject | null;

  @Field(() => JsonObjectScalar, {
    description: 'What it does, as in TransformationInput.step: the kind of step, with its settings.',
  })
  step: unknown;
}
