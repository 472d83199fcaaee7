import type { DesignFault } from '../design/design-fault.js';
import { numericOf } from '../json/exact-number.js';
import { ExactNumber, type JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { completedStep, type Step } from './step-kinds.js';
import { faultOfStep, type GivenTransformation, type Transformation } from './transformation.js';

export const MAX_TRANSFORMATIONS = 200;
const MAX_TRANSFORMATION_NAME = 200;
const ID = /^[\w-]{1,64}$/;
const MADE_ID = /^t([1-9]\d{0,8})$/;

/** Gives every transformation an id. A new id has the next number after all ids in the new list and the list before it. */
export function withIds(
  given: readonly GivenTransformation[],
  before: readonly Transformation[],
): readonly Transformation[] {
  const numbers = [...given, ...before].map(({ id }) => Number(MADE_ID.exec(id ?? '')?.[1] ?? 0));
  let last = numbers.reduce((most, number) => Math.max(most, number), 0);
  return given.map(({ id, ...one }) => {
    if (id === null) last += 1;
    return { ...one, id: id ?? `t${last}`, replaceWith: asDouble(one.replaceWith) };
  });
}

/** Converts numbers to the form that columns store. A number that a column would refuse stays as it is, so that the check can report it. */
function asDouble(value: JsonValue): JsonValue {
  return value instanceof ExactNumber ? (numericOf(value) ?? value) : value;
}

/** Completes the steps of an edited list with the settings that callers cannot read, and so cannot send: those of the step with the same id before the edit. */
export function withUnreadSettings(
  edited: readonly Transformation[],
  before: readonly Transformation[],
): readonly Transformation[] {
  const steps = new Map(before.map(({ id, step }) => [id, step]));
  return edited.map((one) => ({ ...one, step: completedStep(one.step, steps.get(one.id)) as Step }));
}

/** The faults of the list that do not depend on its kinds of steps: its length, ids, names and outputs. */
export function listFaults(transformations: readonly Transformation[]): DesignFault[] {
  const faults: DesignFault[] = [];
  const ids = new Set<string>();
  if (transformations.length > MAX_TRANSFORMATIONS) {
    const message = `the design has ${transformations.length} transformations and geolocations; at most ${MAX_TRANSFORMATIONS} are allowed`;
    return [{ transformation: transformations[0]?.id ?? '', field: 'step', message }];
  }
  for (const transformation of transformations) {
    const { id, name, output } = transformation;
    const add = (field: 'id' | 'name' | 'output', what: string) =>
      faults.push(faultOfStep(transformation, field, what));
    if (!ID.test(id)) add('id', `it is ${briefJson(id)}; give 1 to 64 letters, digits, - and _`);
    if (ids.has(id))
      add('id', `an earlier one has the id ${briefJson(id)} too; give each transformation and geolocation its own id`);
    ids.add(id);
    if (!isName(name)) add('name', `give 1 to ${MAX_TRANSFORMATION_NAME} characters of well-formed Unicode`);
    if (output && 'create' in output && !isName(output.create)) {
      add(
        'output',
        `create is ${briefJson(output.create)}; give 1 to ${MAX_TRANSFORMATION_NAME} characters of well-formed Unicode`,
      );
    }
  }
  return faults;
}

function isName(text: string): boolean {
  return text.trim() !== '' && text.length <= MAX_TRANSFORMATION_NAME && text.isWellFormed();
}
