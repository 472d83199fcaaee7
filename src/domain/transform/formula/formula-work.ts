import { noteWork } from '../work-meter.js';
import { FormulaError } from './formula-error.js';

/** Units of work for one row. A unit takes some nanoseconds: it is a character that is read, and ten of them evaluate a part of a formula. */
const MAX_FORMULA_WORK = 5_000_000;

let left = 0;

/** Begins the evaluation of a formula, which takes so much work whatever its functions do. Evaluations do not overlap: they never wait. */
export function startWork(units: number): void {
  left = MAX_FORMULA_WORK;
  spend(units);
}

/** Counts work, so that no formula holds up the loads: by a count, not by a clock, so that every attempt ends alike. Throws if there is too much of it. */
export function spend(units: number): void {
  left -= units;
  noteWork(units);
  if (left < 0)
    throw new FormulaError('the formula takes too much work on values as long as these; shorten them before');
}
