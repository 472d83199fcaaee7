import { ExactNumber } from '../../../domain/json/json-value.js';
import { type Step, TRANSFORMATION_NAMES, type TransformationName } from '../../../domain/transform/step-kinds.js';
import type { GivenTransformation, StepOutput } from '../../../domain/transform/transformation.js';
import type { StepInput } from './step-input.js';
import type { TransformationInput } from './transformation-inputs.js';

/** Transformations as the domain has them. A null is a setting that was left out. GraphQL has seen to it that one-of inputs have one field. */
export function toTransformations(inputs: readonly TransformationInput[]): GivenTransformation[] {
  return inputs.map(({ id = null, output, replaceWith = null, step, name, enabled, onError }) => {
    return { id, name, enabled, onError, replaceWith, output: toOutput(output), step: toStep(step) };
  });
}

function toOutput(output: TransformationInput['output']): StepOutput | null {
  if (!output) return null;
  return output.create == null ? { update: output.update ?? '' } : { create: output.create };
}

function toStep(input: StepInput): Step {
  const kind = TRANSFORMATION_NAMES.find((name) => input[name] != null);
  if (kind === undefined) throw new TypeError('a step input has no field');
  return { kind, settings: withoutNulls(input[kind]) } as Extract<Step, { kind: TransformationName }>;
}

/** Plain objects, and nothing where GraphQL has null. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, withoutNulls(member)]));
}
