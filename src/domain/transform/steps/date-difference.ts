import { type Calendar, calendarOf, moved } from '../calendar.js';
import { type DateUnit, type Measure, MS_PER_DAY, measureOf } from '../date-unit.js';
import { monthOf } from '../months.js';
import type { Operand, StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

export interface DateDifferenceStep {
  readonly from: Operand<string>;
  readonly to: Operand<string>;
  readonly unit: DateUnit;
  readonly fractional: boolean;
  readonly timeZone?: string;
}

export const dateDifference: StepKind<DateDifferenceStep> = {
  plan({ from, to, unit, fractional, timeZone }: DateDifferenceStep, inputs: StepInputs): ValuePlan {
    const readFrom = inputs.dateOperand(from, 'from');
    const readTo = inputs.dateOperand(to, 'to');
    const calendar = calendarOf(timeZone, inputs);
    const measure = measureOf(unit);
    return {
      type: 'NUMERIC',
      compute(row, context) {
        const begin = readFrom(row, context)?.getTime();
        const end = readTo(row, context)?.getTime();
        if (begin === undefined || end === undefined) return null;
        const units = unitsBetween(calendar, Math.min(begin, end), Math.max(begin, end), measure);
        return (end < begin ? -1 : 1) * (fractional ? units : Math.floor(units)) + 0;
      },
    };
  },
};

/** The units from one instant to a later one, with the part of the last that has passed. */
function unitsBetween(calendar: Calendar, earlier: number, later: number, measure: Measure): number {
  if ('ms' in measure) return (later - earlier) / measure.ms;
  const after = (count: number) => moved(calendar, earlier, count, measure);
  let whole = roughlyBetween(calendar.toLocal(earlier), calendar.toLocal(later), measure);
  let begun = after(whole);
  while (whole > 0 && begun > later) {
    whole -= 1;
    begun = after(whole);
  }
  let next = after(whole + 1);
  while (next <= later) {
    whole += 1;
    begun = next;
    next = after(whole + 1);
  }
  return whole + (later - begun) / (next - begun);
}

/** At most one off, for months that are short and days on which clocks change. */
function roughlyBetween(earlier: number, later: number, measure: Exclude<Measure, { ms: number }>): number {
  if ('days' in measure) return Math.max(0, Math.floor((later - earlier) / (measure.days * MS_PER_DAY)));
  return Math.max(0, Math.floor((monthOf(later) - monthOf(earlier)) / measure.months));
}
