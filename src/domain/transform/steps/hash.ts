import { hash as digest } from 'node:crypto';
import type { StepKind } from '../step-kind.js';

/** SHA-256 of a salt, if there is one, followed by a value's text. The salt is written, and never read back. */
export interface HashStep {
  readonly column: string;
  readonly salt?: string | undefined;
  /** As callers read it, and send it back. It says nothing of its own once the settings are complete. */
  readonly saltSet?: boolean | undefined;
}

const MAX_SALT = 200;

export const hash: StepKind<HashStep> = {
  plan({ column, salt, saltSet }, inputs) {
    const read = inputs.asText(column);
    if (salt !== undefined) inputs.words(salt, 'salt', 1, MAX_SALT);
    if (saltSet === true) inputs.refuse('saltSet is true, and the step of this id has no salt; give the salt');
    if (saltSet === false) inputs.refuse('saltSet is false, and a salt is given; leave one of them out');
    return {
      type: 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        return text === null ? null : digest('sha256', `${salt ?? ''}${text}`, 'hex');
      },
    };
  },

  /** Without a salt, keeps the one from before, unless `saltSet` is false. What is left of `saltSet` contradicts the rest, and is a fault. */
  completed({ column, salt: given, saltSet }, before) {
    const salt = given ?? (saltSet === false ? undefined : before?.salt);
    const isConsistent = saltSet === undefined || saltSet === (salt !== undefined);
    return { column, ...(salt !== undefined && { salt }), ...(!isConsistent && { saltSet }) };
  },

  shown({ column, salt }) {
    return { column, ...(salt !== undefined && { saltSet: true }) };
  },
};
