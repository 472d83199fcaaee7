import { calendarOf, dateAt } from '../calendar.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

/** Time zones; UTC where one is left out. */
export interface ChangeTimeZoneStep {
  readonly column: string;
  readonly from?: string;
  readonly to?: string;
}

/** Dates are stored as UTC fields. The step takes these fields as what clocks in one zone show, and gives what those in another show at that instant. */
export const changeTimeZone: StepKind<ChangeTimeZoneStep> = {
  plan({ column, from, to }: ChangeTimeZoneStep, inputs: StepInputs): ValuePlan {
    if (from === undefined && to === undefined) inputs.refuse('it has neither from nor to; give one of them, or both');
    const read = inputs.date(column);
    const { toUtc } = calendarOf(from, inputs, 'from');
    const { toLocal } = calendarOf(to, inputs, 'to');
    return {
      type: 'DATETIME',
      compute(row, context) {
        const date = read(row, context);
        if (date === null) return null;
        const what = () => `${date.toISOString()} from ${from ?? 'UTC'} to ${to ?? 'UTC'}`;
        return dateAt(toLocal(toUtc(date.getTime())), what);
      },
    };
  },
};
