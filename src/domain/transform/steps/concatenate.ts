import type { WorkingRow } from '../../design/working-row.js';
import { MAX_RESULT_TEXT, textTooLong } from '../result-limits.js';
import type { Read, StepContext } from '../step-context.js';
import type { StepError } from '../step-error.js';
import type { Operand } from '../step-inputs.js';
import type { StepKind } from '../step-kind.js';

export const NULL_HANDLINGS = ['SKIP', 'AS_EMPTY', 'NULL_RESULT'] as const;
export type NullHandling = (typeof NULL_HANDLINGS)[number];

/** Joins columns, as text, and constants, with a separator between them. */
export interface ConcatenateStep {
  readonly values: readonly Operand<string>[];
  readonly separator: string;
  readonly nulls: NullHandling;
}

const MAX_JOINED = 100;

export const concatenate: StepKind<ConcatenateStep> = {
  plan({ values, separator, nulls }, inputs) {
    if (values.length < 1 || values.length > MAX_JOINED) {
      inputs.refuse(`values has ${values.length} entries; give 1 to ${MAX_JOINED}`);
    }
    inputs.words(separator, 'separator');
    const reads = values.map((value, index) => inputs.asTextOperand(value, `values[${index}]`));
    return { type: 'TEXT', compute: (row, context) => joined(reads, separator, nulls, row, context) };
  },
};

function joined(
  reads: readonly Read<string>[],
  separator: string,
  nulls: NullHandling,
  row: WorkingRow,
  context: StepContext,
): string | null | StepError {
  const texts: string[] = [];
  let length = 0;
  for (const read of reads) {
    const text = read(row, context) ?? (nulls === 'AS_EMPTY' ? '' : null);
    if (text !== null) texts.push(text);
    else if (nulls === 'NULL_RESULT') return null;
    length += (text?.length ?? 0) + separator.length;
    // Before the texts are joined: they may be the same long one, many times.
    if (length - separator.length > MAX_RESULT_TEXT) return textTooLong();
  }
  return texts.length === 0 ? null : texts.join(separator);
}
