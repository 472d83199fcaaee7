import type { WorkMeter } from '../work-meter.js';
import { FormulaError } from './formula-error.js';

/** Units of work for one row. A unit takes some nanoseconds: it is a character that is read, and ten of them evaluate a part of a formula. */
const MAX_FORMULA_WORK = 5_000_000;

interface Evaluation {
  readonly meter: WorkMeter;
  left: number;
}

/** The library calls functions with nothing but their arguments. Evaluations do not overlap: they never wait. */
let current: Evaluation | null = null;

/** Evaluates a formula, which takes so much work whatever its functions do, and more through {@link spend}. */
export function evaluating<T>(units: number, meter: WorkMeter, run: () => T): T {
  current = { meter, left: MAX_FORMULA_WORK };
  try {
    spend(units);
    return run();
  } finally {
    current = null;
  }
}

/** Counts work, so that no formula holds up the loads: by a count, not by a clock, so that every attempt ends alike. Throws if there is too much of it. */
export function spend(units: number): void {
  const evaluation = evaluated();
  evaluation.left -= units;
  evaluation.meter.note(units);
  if (evaluation.left < 0)
    throw new FormulaError('the formula takes too much work on values as long as these; shorten them before');
}

/** Counts the work of the formula that is evaluated. */
export function meterOfFormula(): WorkMeter {
  return evaluated().meter;
}

function evaluated(): Evaluation {
  if (!current) throw new TypeError('a function of a formula is called outside an evaluation');
  return current;
}
