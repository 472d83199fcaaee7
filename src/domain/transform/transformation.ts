import type { DesignFault, TransformationFault } from '../design/design-fault.js';
import type { JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { isLocateStep, type Step } from './step-kinds.js';

/**
 * What happens if a step cannot give a value for a record. REJECT_RECORD: the record does not fit. IGNORE: an updated column keeps its value, and a created column has
 * none. REPLACE_VALUE: the column gets the value of `replaceWith`.
 */
export const ERROR_TREATMENTS = ['REJECT_RECORD', 'IGNORE', 'REPLACE_VALUE'] as const;
export type ErrorTreatment = (typeof ERROR_TREATMENTS)[number];

/** Where the value of a step goes: into an existing column, whose value it overwrites, or into a column that the step creates. */
export type StepOutput = { readonly update: string } | { readonly create: string };

/**
 * One entry of the ordered list that shapes records on their way to rows. The last ones may be geolocations, which users edit in a list of their own: each creates a
 * column of points.
 */
export interface Transformation {
  /** Unique in the design. Chosen by the caller, or generated. */
  readonly id: string;
  /** A name for users. */
  readonly name: string;
  readonly enabled: boolean;
  /** Null for kinds of steps that give no value. */
  readonly output: StepOutput | null;
  readonly onError: ErrorTreatment;
  /** With REPLACE_VALUE: a value of the output column's type. */
  readonly replaceWith: JsonValue;
  readonly step: Step;
}

/** Whether a transformation is a geolocation. */
export function isGeolocation({ step }: Pick<Transformation, 'step'>): boolean {
  return isLocateStep(step);
}

/** A transformation in a message. */
export function namedStep({ name, step }: Pick<Transformation, 'name' | 'step'>): string {
  return `${isLocateStep(step) ? 'geolocation' : 'step'} ${briefJson(name)}`;
}

/** A transformation as a caller sends it. If the id is null, {@link withIds} generates one. */
export type GivenTransformation = Omit<Transformation, 'id'> & { readonly id: string | null };

/** A fault of a transformation; the message names it, and the field unless that is the step itself. */
export function faultOfStep(
  transformation: Pick<Transformation, 'id' | 'name' | 'step'>,
  field: TransformationFault['field'],
  what: string,
): DesignFault {
  const named = namedStep(transformation);
  const place = field === 'step' ? named : `${field} of ${named}`;
  return { transformation: transformation.id, field, message: `${place}: ${what}` };
}
