import { Optional } from '@marcbachmann/cel-js';
import type { StoredScalar, StoredValue } from '../../design/stored-value.js';
import type { WorkingRow } from '../../design/working-row.js';
import { type CompiledFormula, compileFormula, type FormulaInput } from '../formula/compile-formula.js';
import { FormulaError } from '../formula/formula-error.js';
import { evaluating } from '../formula/formula-work.js';
import { MAX_RESULT_ELEMENTS, MAX_RESULT_TEXT, textTooLong, tooManyElements } from '../result-limits.js';
import type { StepContext, StepResult } from '../step-context.js';
import { StepError } from '../step-error.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

export interface FormulaStep {
  readonly source: string;
}

const MAX_FORMULA_TEXT = 100_000;
const MAX_FORMULA_ELEMENTS = 10_000;
/** What it costs to evaluate a part of a formula, in units of work. */
const NODE_WORK = 10;

/** A value that the Common Expression Language computes. */
export const formula: StepKind<FormulaStep> = {
  plan({ source }: FormulaStep, inputs: StepInputs): ValuePlan {
    const compiled = compileFormula(source, inputs);
    if (!compiled) return { type: 'TEXT', compute: () => null };
    return { type: compiled.type, compute: (row, context) => computed(compiled, row, context) };
  },
};

function computed(compiled: CompiledFormula, row: WorkingRow, context: StepContext): StepResult {
  const fields: Record<string, unknown> = {};
  const variables: Record<string, unknown> = { row: fields };
  let characters = 0;
  let repeated = 0;
  let elements = 0;
  for (const input of compiled.inputs) {
    const value = input.value(row, context);
    if (value === null) {
      if (input.handlesNull) continue;
      return null;
    }
    const size = sizeOf(value);
    if (size.tooLarge) return tooLarge(input);
    characters += size.characters;
    elements = Math.max(elements, size.elements);
    if (input.repeated) repeated += size.characters + size.elements;
    if (input.variable) variables[input.id] = size.value;
    else fields[input.id] = size.value;
  }
  const { repeatedNodes, splits } = compiled.reading;
  const most = Math.max(elements, splits ? Math.min(characters, MAX_RESULT_ELEMENTS) : 0, 10);
  const loops = repeatedNodes === 0 ? 0 : most * (repeatedNodes * NODE_WORK + repeated) + characters * repeatedNodes;
  const work = characters + loops;
  return resultOf(() => evaluating(work, context.work, () => compiled.run(variables)));
}

function resultOf(evaluate: () => unknown): StepResult {
  try {
    return stored(evaluate());
  } catch (error) {
    // The library throws whatever its functions do. An error of a record's values must never hold up its lane.
    if (!(error instanceof Error)) throw error;
    const message = 'summary' in error && typeof error.summary === 'string' ? error.summary : error.message;
    return new StepError(message);
  }
}

function tooLarge({ id }: FormulaInput): StepError {
  const most = `${MAX_FORMULA_TEXT} characters and ${MAX_FORMULA_ELEMENTS} elements`;
  return new StepError(`the value of ${JSON.stringify(id)} is too large for a formula, which reads at most ${most}`);
}

interface Size {
  /** The value as the formula sees it: arrays without their nulls. */
  readonly value: StoredValue;
  readonly characters: number;
  readonly elements: number;
  readonly tooLarge: boolean;
}

function sizeOf(value: StoredValue): Size {
  if (typeof value === 'string') {
    return { value, characters: value.length, elements: 0, tooLarge: value.length > MAX_FORMULA_TEXT };
  }
  if (!Array.isArray(value)) return { value, characters: 0, elements: 0, tooLarge: false };
  const list = (value as readonly (StoredScalar | null)[]).filter((one) => one !== null);
  let characters = 0;
  for (const one of list) if (typeof one === 'string') characters += one.length;
  const isLarge = list.length > MAX_FORMULA_ELEMENTS || characters > MAX_FORMULA_TEXT * 10;
  return { value: list, characters, elements: list.length, tooLarge: isLarge };
}

/** A result as a column stores it: an optional gives its value or null, an int its number. */
function stored(result: unknown): StepResult {
  if (result instanceof Optional) return result.hasValue() ? stored(result.value()) : null;
  if (typeof result === 'string') return result.length > MAX_RESULT_TEXT ? textTooLong() : result;
  if (!Array.isArray(result)) return scalar(result);
  if (result.length > MAX_RESULT_ELEMENTS) return tooManyElements();
  let characters = 0;
  for (const one of result) if (typeof one === 'string') characters += one.length;
  return characters > MAX_RESULT_TEXT ? textTooLong() : result.map(scalar);
}

function scalar(value: unknown): StoredScalar {
  if (typeof value === 'bigint') {
    if (BigInt(Number(value)) === value) return Number(value);
    throw new FormulaError(`the result is ${value}, which has more digits than a number keeps`);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new FormulaError(`the result is ${value}`);
  if (value instanceof Date && !(value.getUTCFullYear() >= 0 && value.getUTCFullYear() <= 9999)) {
    throw new FormulaError('the result is a date outside the years 0000 to 9999');
  }
  return value as StoredScalar;
}
