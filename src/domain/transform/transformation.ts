import type { JsonValue } from '../json/json-value.js';
import type { Step } from './step-kinds.js';

/**
 * What happens to a record for which a step cannot give a value. REJECT_RECORD: the record does not fit. IGNORE: the column keeps the value that it had, a created
 * one has none. REPLACE_VALUE: the column gets the value of `replaceWith`.
 */
export const ERROR_TREATMENTS = ['REJECT_RECORD', 'IGNORE', 'REPLACE_VALUE'] as const;
export type ErrorTreatment = (typeof ERROR_TREATMENTS)[number];

/** Where the value of a step goes: over the values of a column, or into a column that the step creates. */
export type StepOutput = { readonly update: string } | { readonly create: string };

/** One entry of the ordered list that shapes records on their way to rows. */
export interface Transformation {
  /** Unique in the design; given by the caller, or made. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly enabled: boolean;
  /** Null for steps that give no value. */
  readonly output: StepOutput | null;
  readonly onError: ErrorTreatment;
  /** With REPLACE_VALUE: the value, of the type of the output. */
  readonly replaceWith: JsonValue;
  readonly step: Step;
}

/** A transformation as a caller gives it; one without an id gets one. */
export type GivenTransformation = Omit<Transformation, 'id'> & { readonly id: string | null };
