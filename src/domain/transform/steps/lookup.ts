import { recordIdOfValues } from '../../design/identity.js';
import type { StoredScalar } from '../../design/stored-value.js';
import { briefJson } from '../../json/stringify-json.js';
import type { LookupFault, LookupSettings, ResolvedLookup } from '../../lookups/resolve-lookup.js';
import { lookupAnswer, Needed } from '../answers.js';
import { StepError } from '../step-error.js';
import type { StepKind, ValuePlan } from '../step-kind.js';
import { textForm } from '../text-form.js';

/** `resolved` is added when the design is saved; callers neither send nor read it. */
export interface LookupStep extends LookupSettings {
  readonly resolved?: ResolvedLookup | LookupFault | undefined;
}

const NO_VALUE: ValuePlan = { type: 'TEXT', compute: () => null };

/** A column of the record of another dataset that has the given unique identifiers. */
export const lookup: StepKind<LookupStep> = {
  plan({ dataset, by, take, required, resolved }, inputs) {
    if (!resolved || 'fault' in resolved) {
      inputs.refuse(resolved?.fault ?? `dataset is ${briefJson(dataset)}, whose design has not been read`);
      return NO_VALUE;
    }
    const reads = resolved.identifiers.map(({ id, type }) => {
      const index = by.findIndex(({ identifier }) => identifier === id);
      return inputs.ofTypes<StoredScalar>(by[index]?.column ?? '', [type], `by[${index}].column`).read;
    });
    const { storedKey, type } = resolved.take;
    return {
      type,
      compute(row, context) {
        const values: StoredScalar[] = [];
        for (const read of reads) {
          const value = read(row, context);
          if (value === null) return null;
          values.push(value);
        }
        const recordId = recordIdOfValues(values);
        const key = `${dataset}/${recordId}`;
        const answer = lookupAnswer(context.answers, key);
        if (!answer) return new Needed({ kind: 'LOOKUP', key, datasetId: dataset, recordId });
        const fault = answer.faults?.[storedKey];
        if (fault !== undefined) return new StepError(fault);
        if (answer.values !== null) return answer.values[storedKey] ?? null;
        return required ? new StepError(noMatch(dataset, take, values)) : null;
      },
    };
  },

  shown({ resolved: _, ...settings }) {
    return settings;
  },
};

function noMatch(dataset: string, take: string, values: readonly StoredScalar[]): string {
  const shown = values.map((value) => briefJson(textForm(value))).join(', ');
  return `dataset ${briefJson(dataset)} has no record with the unique identifiers ${shown} to take ${briefJson(take)} from; load that record first, or set required: false`;
}
