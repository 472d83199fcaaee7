import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

/** UP is away from zero, DOWN is toward zero, NEAREST rounds a half away from zero: as spreadsheets do. */
export const ROUNDING_MODES = ['UP', 'DOWN', 'NEAREST'] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

export interface RoundStep {
  readonly column: string;
  readonly mode: RoundingMode;
  readonly decimals: number;
}

const MAX_DECIMALS = 15;

export const round: StepKind<RoundStep> = {
  plan({ column, mode, decimals }: RoundStep, inputs: StepInputs): ValuePlan {
    const places = inputs.integer(decimals, 'decimals', 0, MAX_DECIMALS);
    const read = inputs.number(column);
    return {
      type: 'NUMERIC',
      compute(row, context) {
        const value = read(row, context);
        return value === null ? null : rounded(value, places, mode);
      },
    };
  },
};

/** Rounds the decimal number that people see, the shortest one that gives the double: 1.005 to 2 decimals is 1.01. */
function rounded(value: number, decimals: number, mode: RoundingMode): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value + 0;
  const [mantissa = '', exponent] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const kept = 1 + Number(exponent) + decimals;
  if (kept >= digits.length) return value;
  const isUp = mode === 'UP' || (mode === 'NEAREST' && kept >= 0 && Number(digits[kept]) >= 5);
  const whole = BigInt(digits.slice(0, Math.max(kept, 0))) + (isUp ? 1n : 0n);
  // Adding 0 makes -0, which stores tell from 0, into 0.
  return Math.sign(value) * Number(`${whole}e-${decimals}`) + 0;
}
