import { calendarOf, dateAt, moved } from '../calendar.js';
import { type DateUnit, measureOf } from '../date-unit.js';
import { StepError } from '../step-error.js';
import type { Operand, StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

export interface ShiftDateStep {
  readonly column: string;
  readonly amount: Operand<number>;
  readonly unit: DateUnit;
  readonly timeZone?: string;
}

function shift(sign: 1 | -1): StepKind<ShiftDateStep> {
  return {
    plan({ column, amount, unit, timeZone }: ShiftDateStep, inputs: StepInputs): ValuePlan {
      const read = inputs.date(column);
      const readAmount = inputs.numberOperand(amount, 'amount');
      const calendar = calendarOf(timeZone, inputs);
      const measure = measureOf(unit);
      return {
        type: 'DATETIME',
        compute(row, context) {
          const date = read(row, context);
          const count = readAmount(row, context);
          if (date === null || count === null) return null;
          if (!('ms' in measure) && !Number.isInteger(count)) {
            return new StepError(`the amount is ${count}; a ${unit} is not divided, so give a whole number`);
          }
          const what = () => `${date.toISOString()} ${sign === 1 ? 'plus' : 'minus'} ${count} ${unit}`;
          return dateAt(moved(calendar, date.getTime(), sign * count, measure), what);
        },
      };
    },
  };
}

export const addTime = shift(1);
export const subtractTime = shift(-1);
