import type { StepInputs } from './step-inputs.js';
import type { StepKind, StepPlan } from './step-kind.js';
import { type AggregateArrayStep, aggregateArray } from './steps/aggregate-array.js';
import { add, divide, modulo, multiply, type OperandsStep, subtract } from './steps/arithmetic.js';
import { type ChangeTimeZoneStep, changeTimeZone } from './steps/change-time-zone.js';
import { type CoalesceStep, coalesce } from './steps/coalesce.js';
import { type ConcatenateStep, concatenate } from './steps/concatenate.js';
import { type ConvertStep, type ToDateStep, toBoolean, toDate, toNumber } from './steps/convert.js';
import { type CopyRecordStep, copyRecord } from './steps/copy-record.js';
import { type DateDifferenceStep, dateDifference } from './steps/date-difference.js';
import { type DistinctArrayStep, distinctArray } from './steps/distinct-array.js';
import { type ExtractDatePartStep, extractDatePart } from './steps/extract-date-part.js';
import { type ExtractTextStep, extractText } from './steps/extract-text.js';
import { type FilterArrayStep, filterArray } from './steps/filter-array.js';
import { type FlattenStep, flatten } from './steps/flatten.js';
import { type FormulaStep, formula } from './steps/formula.js';
import { type HashStep, hash } from './steps/hash.js';
import { type IfElseStep, ifElse } from './steps/if-else.js';
import { lowercase, type TextColumnStep, uppercase } from './steps/letter-case.js';
import { type LocateAddressStep, locateAddress } from './steps/locate-address.js';
import { type LocateCoordinatesStep, locateCoordinates } from './steps/locate-coordinates.js';
import { type LookupStep, lookup } from './steps/lookup.js';
import { type MaskStep, mask } from './steps/mask.js';
import {
  absolute,
  ceil,
  floor,
  type LogStep,
  ln,
  log,
  type NumberStep,
  type PowerStep,
  power,
} from './steps/number-functions.js';
import { type RemoveColumnStep, removeColumn } from './steps/remove-column.js';
import { type RemoveRecordStep, removeRecord } from './steps/remove-record.js';
import { type ReplaceTextStep, replaceText } from './steps/replace-text.js';
import { type RoundStep, round } from './steps/round.js';
import { type SelectItemStep, selectItem } from './steps/select-item.js';
import { addTime, type ShiftDateStep, subtractTime } from './steps/shift-date.js';
import { type SortArrayStep, sortArray } from './steps/sort-array.js';
import { type SplitStep, split } from './steps/split.js';
import { type SubstringStep, substring } from './steps/substring.js';
import { type TemplateStep, template } from './steps/template.js';
import { type ToTextStep, toText } from './steps/to-text.js';
import { type TrimStep, trim } from './steps/trim.js';
import { type NowStep, now, type TruncateDateStep, truncateDate } from './steps/truncate-date.js';

/** The settings of every kind of step, by its name in the API. */
export interface StepSettings {
  readonly add: OperandsStep;
  readonly subtract: OperandsStep;
  readonly multiply: OperandsStep;
  readonly divide: OperandsStep;
  readonly modulo: OperandsStep;
  readonly round: RoundStep;
  readonly floor: NumberStep;
  readonly ceil: NumberStep;
  readonly absolute: NumberStep;
  readonly ln: NumberStep;
  readonly log: LogStep;
  readonly power: PowerStep;
  readonly concatenate: ConcatenateStep;
  readonly lowercase: TextColumnStep;
  readonly uppercase: TextColumnStep;
  readonly trim: TrimStep;
  readonly substring: SubstringStep;
  readonly split: SplitStep;
  readonly replaceText: ReplaceTextStep;
  readonly extractText: ExtractTextStep;
  readonly template: TemplateStep;
  readonly hash: HashStep;
  readonly mask: MaskStep;
  readonly addTime: ShiftDateStep;
  readonly subtractTime: ShiftDateStep;
  readonly dateDifference: DateDifferenceStep;
  readonly extractDatePart: ExtractDatePartStep;
  readonly truncateDate: TruncateDateStep;
  readonly changeTimeZone: ChangeTimeZoneStep;
  readonly now: NowStep;
  readonly toNumber: ConvertStep;
  readonly toText: ToTextStep;
  readonly toDate: ToDateStep;
  readonly toBoolean: ConvertStep;
  readonly ifElse: IfElseStep;
  readonly formula: FormulaStep;
  readonly coalesce: CoalesceStep;
  readonly aggregateArray: AggregateArrayStep;
  readonly distinctArray: DistinctArrayStep;
  readonly filterArray: FilterArrayStep;
  readonly selectItem: SelectItemStep;
  readonly sortArray: SortArrayStep;
  readonly flatten: FlattenStep;
  readonly removeRecord: RemoveRecordStep;
  readonly copyRecord: CopyRecordStep;
  readonly removeColumn: RemoveColumnStep;
  readonly lookup: LookupStep;
  readonly locateAddress: LocateAddressStep;
  readonly locateCoordinates: LocateCoordinatesStep;
}

export type StepName = keyof StepSettings;

/** A step: its kind, and the settings of that kind. */
export type Step = { [K in StepName]: StepOf<K> }[StepName];

interface StepOf<K extends StepName> {
  readonly kind: K;
  readonly settings: StepSettings[K];
}

const STEP_KINDS: { readonly [K in StepName]: StepKind<StepSettings[K], StepPlan> } = {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  round,
  floor,
  ceil,
  absolute,
  ln,
  log,
  power,
  concatenate,
  lowercase,
  uppercase,
  trim,
  substring,
  split,
  replaceText,
  extractText,
  template,
  hash,
  mask,
  addTime,
  subtractTime,
  dateDifference,
  extractDatePart,
  truncateDate,
  changeTimeZone,
  now,
  toNumber,
  toText,
  toDate,
  toBoolean,
  ifElse,
  formula,
  coalesce,
  aggregateArray,
  distinctArray,
  filterArray,
  selectItem,
  sortArray,
  flatten,
  removeRecord,
  copyRecord,
  removeColumn,
  lookup,
  locateAddress,
  locateCoordinates,
};

/** The kinds of steps of geolocations, which come after the transformations of a design. */
type LocateName = 'locateAddress' | 'locateCoordinates';

/** The kinds of steps of transformations. */
export type TransformationName = Exclude<StepName, LocateName>;

export const TRANSFORMATION_NAMES = Object.keys(STEP_KINDS).filter(
  (name) => !isLocate(name),
) as readonly TransformationName[];

/** Whether a step belongs to a geolocation. */
export function isLocateStep({ kind }: Step): boolean {
  return isLocate(kind);
}

function isLocate(name: string): name is LocateName {
  return name === 'locateAddress' || name === 'locateCoordinates';
}

/** Checks a step against its input columns, and compiles it. `inputs` collects the faults. */
export function planStep<K extends StepName>(step: StepOf<K>, inputs: StepInputs): StepPlan {
  return STEP_KINDS[step.kind].plan(step.settings, inputs);
}

/** The step with what callers cannot send back; `before` is the step of the same id before the edit. */
export function completedStep<K extends StepName>(step: StepOf<K>, before: Step | undefined): StepOf<K> {
  const { completed } = STEP_KINDS[step.kind];
  if (!completed) return step;
  const settings = before?.kind === step.kind ? (before.settings as StepSettings[K]) : undefined;
  return { ...step, settings: completed(step.settings, settings) };
}

/** The kind of a step with its settings, as callers may read it. */
export function shownStep<K extends StepName>({ kind, settings }: StepOf<K>): Readonly<Record<string, unknown>> {
  const { shown } = STEP_KINDS[kind];
  return { [kind]: shown ? shown(settings) : settings };
}
