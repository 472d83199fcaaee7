import { dateTokensFault } from '../../design/date-format.js';
import { compileDateText } from '../../design/format-date.js';
import type { StoredScalar, StoredValue } from '../../design/stored-value.js';
import { compileOffsetAt } from '../../design/time-zone.js';
import { briefJson, stringifyJson } from '../../json/stringify-json.js';
import { type ColumnType, SCALAR_ARRAY_TYPES, SCALAR_TYPES } from '../../sample/source-field.js';
import { compileNumberFormat } from '../number-format.js';
import { wholeAsText } from '../object-inputs.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';
import { textForm } from '../text-form.js';

export interface ToTextStep {
  readonly column: string;
  readonly format?: string;
  readonly timeZone?: string;
}

const TYPES: readonly ColumnType[] = [...SCALAR_TYPES, ...SCALAR_ARRAY_TYPES];

/** The text of a value that is not null. */
type Write = (value: StoredValue) => string;

export const toText: StepKind<ToTextStep> = {
  plan(step: ToTextStep, inputs: StepInputs): ValuePlan {
    const whole = wholeAsText(step.column, inputs);
    if (whole) {
      refuseSettings(step, inputs);
      return { type: 'TEXT', compute: whole };
    }
    const { type, read } = inputs.ofTypes<StoredValue>(step.column, TYPES);
    const write = writerOf(step, type, inputs);
    return {
      type: 'TEXT',
      compute(row, context) {
        const value = read(row, context);
        return value === null ? null : write(value);
      },
    };
  },
};

/** Objects have no format. */
function refuseSettings({ format, timeZone }: ToTextStep, inputs: StepInputs): void {
  if (format !== undefined) inputs.refuse(`format is ${briefJson(format)}; objects have none: leave it out`);
  if (timeZone !== undefined) inputs.refuse(`timeZone is ${briefJson(timeZone)}; objects have none: leave it out`);
}

function writerOf({ format, timeZone }: ToTextStep, type: ColumnType | undefined, inputs: StepInputs): Write {
  const zone = inputs.timeZone(timeZone);
  if (type === 'DATETIME' && format !== undefined) return dateWriter(format, zone, inputs);
  if (zone !== null && type !== undefined) {
    inputs.refuse(`timeZone is ${briefJson(zone)}; it is for a DATETIME column with a format: leave it out`);
  }
  if (format === undefined || type === undefined) return plainText;
  if (type === 'NUMERIC') return numberWriter(format, inputs);
  inputs.refuse(`format is ${briefJson(format)}; it is for NUMERIC and DATETIME columns, and this one is ${type}`);
  return plainText;
}

function dateWriter(format: string, zone: string | null, inputs: StepInputs): Write {
  const fault = format === '' ? 'it is empty' : dateTokensFault(format);
  if (fault !== null) {
    inputs.refuse(`format is ${briefJson(format)}: ${fault}`);
    return plainText;
  }
  const write = compileDateText(format, zone === null ? undefined : compileOffsetAt(zone));
  return (value) => (value instanceof Date ? write(value) : plainText(value));
}

function numberWriter(format: string, inputs: StepInputs): Write {
  const write = compileNumberFormat(format);
  if (write === null) {
    inputs.refuse(`format is ${briefJson(format)}; give a format for numbers such as 0.00, #,##0.00, 0.## or 0%`);
    return plainText;
  }
  return (value) => (typeof value === 'number' ? write(value) : plainText(value));
}

/** Scalars in their text form, arrays as JSON text. */
function plainText(value: StoredValue): string {
  return isScalar(value) ? textForm(value) : stringifyJson(value);
}

function isScalar(value: StoredValue): value is StoredScalar {
  return !Array.isArray(value);
}
