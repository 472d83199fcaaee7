import { Field, InputType } from 'type-graphql';
import { ARRAY_STEPS } from './array-steps.js';
import { DATE_STEPS } from './date-steps.js';
import { NUMBER_STEPS } from './number-steps.js';
import { ROW_STEPS } from './row-steps.js';
import { TEXT_STEPS } from './text-steps.js';
import { VALUE_STEPS } from './value-steps.js';

const STEPS = { ...NUMBER_STEPS, ...TEXT_STEPS, ...DATE_STEPS, ...VALUE_STEPS, ...ARRAY_STEPS, ...ROW_STEPS };

/** A step as GraphQL gives it: the settings under the name of their kind. The compiler and to-transformations.ts require a field for every kind. */
export type StepInput = { [Name in keyof typeof STEPS]?: InstanceType<(typeof STEPS)[Name]['settings']> | null };

@InputType('StepInput', { description: 'What a transformation does. Give exactly one of these fields.' })
export class StepInputObject {}

for (const [name, { settings, description }] of Object.entries(STEPS))
  Field(() => settings, { nullable: true, description })(StepInputObject.prototype, name);
