import type { ClassType } from 'type-graphql';

/** Kinds of steps by their names, each with the class of its settings and a description for users. */
export type StepFields = Readonly<Record<string, StepField>>;

interface StepField {
  readonly settings: ClassType<object>;
  readonly description: string;
}
