import { ObjectArray } from '../../design/object-array.js';
import type { StoredScalar } from '../../design/stored-value.js';
import { briefJson } from '../../json/stringify-json.js';
import { compareScalars } from '../../query/compare-rows.js';
import type { ColumnType } from '../../sample/source-field.js';
import { type ArrayInput, arrayInput } from '../array-input.js';
import { MAX_RESULT_TEXT, textTooLong } from '../result-limits.js';
import type { StepResult } from '../step-context.js';
import { StepError } from '../step-error.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';
import { textForm } from '../text-form.js';

export const ARRAY_FUNCTIONS = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'JOIN'] as const;
export type ArrayFunction = (typeof ARRAY_FUNCTIONS)[number];

/** Computes one value from all elements of an array. Null elements do not count. */
export interface AggregateArrayStep {
  readonly column: string;
  readonly function: ArrayFunction;
  /** Of an array of objects: the column inside it; for COUNT it may be left out, to count the objects. */
  readonly take?: string | undefined;
  /** Only for JOIN; the default is a comma and a space. */
  readonly separator?: string | undefined;
}

export const aggregateArray: StepKind<AggregateArrayStep> = {
  plan(step, inputs): ValuePlan {
    const input = arrayInput(step.column, inputs);
    if (step.separator !== undefined && step.function !== 'JOIN')
      inputs.refuse(`separator is ${briefJson(step.separator)}; it is for JOIN: leave it out`);
    inputs.words(step.separator ?? '', 'separator');
    const isOfObjects = input.type === 'OBJECT_ARRAY' && step.function === 'COUNT' && step.take === undefined;
    return isOfObjects ? countOfObjects(input) : aggregated(step, input, inputs);
  },
};

function countOfObjects({ read }: ArrayInput): ValuePlan {
  return {
    type: 'NUMERIC',
    compute(row, context) {
      const array = read(row, context);
      return array instanceof ObjectArray ? array.elements.filter((element) => element !== null).length : null;
    },
  };
}

function aggregated(step: AggregateArrayStep, { read, values }: ArrayInput, inputs: StepInputs): ValuePlan {
  const { type, of } = values(step.take, 'take');
  const needsNumbers = step.function === 'SUM' || step.function === 'AVG';
  if (needsNumbers && type !== 'NUMERIC')
    inputs.refuse(`function is ${step.function}, which takes numbers, not ${type}`);
  const combine = combining(step);
  return {
    type: typeOf(step.function, type),
    compute(row, context) {
      const array = read(row, context);
      const found = array === null ? null : of(array, context.work);
      if (found === null || found instanceof StepError) return found;
      return combine(found.filter((value) => value !== null));
    },
  };
}

function typeOf(name: ArrayFunction, type: ColumnType): ColumnType {
  if (name === 'JOIN') return 'TEXT';
  return name === 'MIN' || name === 'MAX' ? type : 'NUMERIC';
}

/** The value of elements that are not null. SUM of none is 0, JOIN of none is an empty text; AVG, MIN and MAX of none are null. */
function combining({ function: name, separator = ', ' }: AggregateArrayStep): (values: StoredScalar[]) => StepResult {
  switch (name) {
    case 'COUNT':
      return (values) => values.length;
    case 'SUM':
      return sum;
    case 'AVG':
      return (values) => (values.length === 0 ? null : sum(values) / values.length);
    case 'MIN':
      return (values) => extreme(values, -1);
    case 'MAX':
      return (values) => extreme(values, 1);
    case 'JOIN':
      return (values) => joined(values, separator);
  }
}

function sum(values: readonly StoredScalar[]): number {
  return values.reduce<number>((total, value) => total + Number(value), 0);
}

function extreme(values: readonly StoredScalar[], sign: 1 | -1): StoredScalar | null {
  return values.reduce<StoredScalar | null>(
    (best, value) => (best === null || sign * compareScalars(value, best) > 0 ? value : best),
    null,
  );
}

function joined(values: readonly StoredScalar[], separator: string): string | StepError {
  const texts = values.map(textForm);
  const length = texts.reduce((total, text) => total + text.length + separator.length, 0);
  return length - separator.length > MAX_RESULT_TEXT ? textTooLong() : texts.join(separator);
}
