import { type ConvertScalar, isRoundedNumber, scalarConversion } from '../../design/convert-value.js';
import { bringsOffset, dateFormatFault } from '../../design/date-format.js';
import { EPOCH_FORMATS, isEpochFormat } from '../../design/epoch-format.js';
import { briefJson } from '../../json/stringify-json.js';
import { DATE_TIME_SPELLING } from '../../sample/date-time.js';
import type { Read } from '../step-context.js';
import { StepError } from '../step-error.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

export interface ConvertStep {
  readonly column: string;
}

export interface ToDateStep extends ConvertStep {
  readonly format?: string;
  readonly timeZone?: string;
}

type Convertible = string | number | boolean;

const WITHOUT_DATES = { inputFormat: null, inputTimeZone: null };

export const toNumber: StepKind<ConvertStep> = {
  plan({ column }: ConvertStep, inputs: StepInputs): ValuePlan {
    const { read } = inputs.ofTypes<Convertible>(column, ['TEXT', 'NUMERIC', 'BOOLEAN']);
    const convert = scalarConversion('NUMERIC', WITHOUT_DATES);
    return converted('NUMERIC', read, convert, (value) =>
      isRoundedNumber(value) ? 'has more digits than a number keeps' : 'is not a number; write it as -1234.5 or 1.5e3',
    );
  },
};

export const toBoolean: StepKind<ConvertStep> = {
  plan({ column }: ConvertStep, inputs: StepInputs): ValuePlan {
    const { read } = inputs.ofTypes<Convertible>(column, ['TEXT', 'NUMERIC', 'BOOLEAN']);
    const convert = scalarConversion('BOOLEAN', WITHOUT_DATES);
    const expected = 'true, t, yes, y, on, 1, false, f, no, n, off or 0';
    return converted('BOOLEAN', read, convert, () => `is neither true nor false; give ${expected}`);
  },
};

export const toDate: StepKind<ToDateStep> = {
  plan({ column, format, timeZone }: ToDateStep, inputs: StepInputs): ValuePlan {
    const { type, read } = inputs.ofTypes<Convertible>(column, ['TEXT', 'NUMERIC']);
    const fault = format === undefined ? null : dateFormatFault(format);
    if (fault !== null) inputs.refuse(`format is ${briefJson(format)}: ${fault}`);
    if (type === 'NUMERIC' && (format === undefined || !isEpochFormat(format))) {
      inputs.refuse(`format is ${briefJson(format)}; a number becomes a date by ${EPOCH_FORMATS}: say which`);
    }
    const zone = inputs.timeZone(timeZone);
    if (zone !== null && format !== undefined && fault === null && bringsOffset(format)) {
      inputs.refuse(`timeZone is ${briefJson(zone)}, and dates by ${format} need none; leave it out`);
    }
    const settings = { inputFormat: fault === null ? (format ?? null) : null, inputTimeZone: zone };
    const convert = scalarConversion('DATETIME', settings);
    return converted('DATETIME', read, convert, () => `is not a date; write it as ${format ?? DATE_TIME_SPELLING}`);
  },
};

/** `fault` ends the sentence that the value begins. */
function converted(
  type: ValuePlan['type'],
  read: Read<Convertible>,
  convert: ConvertScalar,
  fault: (value: Convertible) => string,
): ValuePlan {
  return {
    type,
    compute(row, context) {
      const value = read(row, context);
      if (value === null) return null;
      const result = convert(value);
      return result === undefined ? new StepError(`${briefJson(value)} ${fault(value)}`) : result;
    },
  };
}
