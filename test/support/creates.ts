import type { TransformationInput } from '../generated/graphql.js';

/** A transformation that creates a column; its id and name are those of the column. */
export function creates(
  id: string,
  step: TransformationInput['step'],
  more: Partial<TransformationInput> = {},
): TransformationInput {
  return { id, name: id, output: { create: id }, step, ...more };
}
