import { openTokenFault, templateOf } from '../../design/column-template.js';
import { MAX_RESULT_TEXT, textTooLong } from '../result-limits.js';
import type { StepKind } from '../step-kind.js';

export const TEMPLATE_NULLS = ['AS_EMPTY', 'NULL_RESULT'] as const;
export type TemplateNulls = (typeof TEMPLATE_NULLS)[number];

/** A text with `{{column id}}` tokens, for which the values of the columns stand, as text. */
export interface TemplateStep {
  readonly template: string;
  readonly nulls: TemplateNulls;
}

const MAX_TEMPLATE_TOKENS = 500;

export const template: StepKind<TemplateStep> = {
  plan({ template: written, nulls }, inputs) {
    inputs.words(written, 'template', 1);
    const { ids, texts } = templateOf(written, inputs.columns);
    const [first = '', ...others] = texts;
    const fault = openTokenFault(texts);
    if (fault !== null) inputs.refuse(`template ${fault}`);
    if (ids.length > MAX_TEMPLATE_TOKENS)
      inputs.refuse(`template has ${ids.length} tokens; at most ${MAX_TEMPLATE_TOKENS} are allowed`);
    const tokens = ids.slice(0, MAX_TEMPLATE_TOKENS).map((id, index) => {
      return { read: inputs.asText(id, 'a token of template'), after: others[index] ?? '' };
    });
    const ofNull = nulls === 'AS_EMPTY' ? '' : null;
    return {
      type: 'TEXT',
      compute(row, context) {
        let filled = first;
        for (const { read, after } of tokens) {
          const text = read(row, context) ?? ofNull;
          if (text === null) return null;
          filled += text + after;
          if (filled.length > MAX_RESULT_TEXT) return textTooLong();
        }
        return filled;
      },
    };
  },
};
