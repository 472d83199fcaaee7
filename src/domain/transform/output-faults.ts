import { type Column, isObjectArray } from '../design/column.js';
import { briefJson } from '../json/stringify-json.js';
import type { StepPlan } from './step-kind.js';
import type { Transformation } from './transformation.js';

/** Why a step cannot have this kind of output; null if it can. */
export function reasonAgainstOutput({ output }: Transformation, plan: StepPlan): string | null {
  if (!('expand' in plan)) {
    if (!output) return 'the step gives a value; give a column to update or to create';
    const isNew = plan.type === 'OBJECT_ARRAY' && 'create' in output;
    return isNew
      ? `the step gives an array of objects, which cannot be a new column; update ${briefJson(plan.onlyInto)}`
      : null;
  }
  if (!plan.creates) return output ? 'the step gives no value; leave the output out' : null;
  if (!output)
    return plan.creates.isOptional ? null : 'the step gives a value for each element; give a column to create';
  return 'create' in output ? null : 'the step can only create a column; give the name of a new one';
}

/** Why a step cannot update a column; null if it can. */
export function reasonAgainstUpdate(column: Column, plan: StepPlan): string | null {
  if ('expand' in plan) return 'the step can only create a column';
  if (plan.type === 'OBJECT_ARRAY' && isObjectArray(column)) {
    return column.id === plan.onlyInto ? null : `the result is made of ${briefJson(plan.onlyInto)}; update that column`;
  }
  const { enabled, disabledReason, uniqueIdentifier, type } = column;
  if (!enabled) return disabledReason ?? 'the column is disabled; enable it, or create a column';
  if (uniqueIdentifier)
    return 'the column is a unique identifier, which must keep the value that was sent; create a column';
  return type === plan.type ? null : `the column is ${type}, but the step gives ${plan.type}; create a column`;
}
