import type { StepKind } from '../step-kind.js';

/** The TEXT column that a step takes. */
export interface TextColumnStep {
  readonly column: string;
}

/** The Unicode mappings for no language in particular, so that every machine gives the same. */
export const lowercase = changed((text) => text.toLowerCase());
export const uppercase = changed((text) => text.toUpperCase());

function changed(change: (text: string) => string): StepKind<TextColumnStep> {
  return {
    plan({ column }, inputs) {
      const read = inputs.text(column);
      return {
        type: 'TEXT',
        compute(row, context) {
          const text = read(row, context);
          return text === null ? null : change(text);
        },
      };
    },
  };
}
