import { Environment } from '@marcbachmann/cel-js';
import { registerFunctions } from './formula-functions.js';

export const MAX_FORMULA_SOURCE = 4_000;
const MAX_FORMULA_NODES = 500;
const MAX_FORMULA_DEPTH = 50;

/** What formulas can use before there are columns: every number is a double, but for what `int()` gives, and the two mix. */
export const FORMULA_ENVIRONMENT: Environment = environment();

function environment(): Environment {
  const limits = { maxAstNodes: MAX_FORMULA_NODES, maxDepth: MAX_FORMULA_DEPTH };
  const made = new Environment({ enableOptionalTypes: true, limits });
  const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  };
  for (const [operator, apply] of Object.entries(arithmetic)) {
    const mixed = (a: number | bigint, b: number | bigint) => apply(Number(a), Number(b));
    made.registerOperator(`double ${operator} int: double`, mixed);
    made.registerOperator(`int ${operator} double: double`, mixed);
  }
  made.registerOperator('double % double: double', (a: number, b: number) => a % b);
  // Also registers int == double, and both !=.
  made.registerOperator('double == int: bool', (a: number | bigint, b: number | bigint) => Number(a) === Number(b));
  registerFunctions(made);
  return made;
}
