import { type Column, hasNoValueInRows } from '../design/column.js';
import type { Columns } from '../design/design.js';
import type { DesignFault } from '../design/design-fault.js';
import { type Remover, removedColumn } from '../design/removed-column.js';
import { withSensitivity } from '../design/sensitive-columns.js';
import { briefJson } from '../json/stringify-json.js';
import type { ColumnType } from '../sample/source-field.js';
import { columnEffects } from './column-effects.js';
import { ColumnsAtStep } from './columns-at-step.js';
import { createdColumn } from './created-column.js';
import { reasonAgainstOutput, reasonAgainstUpdate } from './output-faults.js';
import { StepInputs } from './step-inputs.js';
import type { StepPlan } from './step-kind.js';
import { planStep } from './step-kinds.js';
import { faultOfStep, isGeolocation, namedStep, type Transformation } from './transformation.js';
import { listFaults, MAX_TRANSFORMATIONS } from './transformation-list.js';
import type { PlanBase, PlannedStep, TransformationPlan } from './transformation-plan.js';
import { valueOfType } from './value-of-type.js';
import { ValueOrigins } from './value-origins.js';

/**
 * Checks the transformations of a design in order, each against the columns as earlier steps leave them. A disabled step also disables the steps that read the column that
 * it would create.
 */
export function planTransformations(base: PlanBase, transformations: readonly Transformation[]): TransformationPlan {
  const faults = listFaults(transformations);
  const planner = new Planner(base, transformations);
  if (transformations.length <= MAX_TRANSFORMATIONS) for (const one of transformations) planner.take(one);
  const plan = planner.result();
  return { ...plan, faults: [...faults, ...plan.faults] };
}

/** The plan of a saved design. */
export function planOf({ columns, transformations, lastKey }: Columns): TransformationPlan {
  const known = withSensitivity(columns);
  const sampleColumns = known.filter(({ origin }) => origin === 'SAMPLE');
  const createdColumns = known.filter(({ origin }) => origin !== 'SAMPLE');
  return planTransformations({ sampleColumns, createdColumns, lastKey }, transformations);
}

class Planner {
  readonly #columns: ColumnsAtStep;
  readonly #origins: ValueOrigins;
  readonly #before: ReadonlyMap<string | undefined, Column>;
  readonly #removers: ReadonlyMap<string, Remover>;
  readonly #steps: PlannedStep[] = [];
  readonly #created: Column[] = [];
  readonly #whole = new Set<string>();
  readonly #disabled = new Map<string, string>();
  /** For each step that does not run because of another one, the id of the disabled step that causes it. */
  readonly #causes = new Map<string, string>();
  /** The disabled steps that would flatten arrays, by the ids of the arrays. */
  readonly #unflattened = new Map<string, string>();
  readonly #faults: DesignFault[] = [];
  /** The ids and names of all columns, except those that are created now. */
  readonly #names: ReadonlySet<string>;
  #lastKey: number;

  constructor(
    { sampleColumns, createdColumns, lastKey }: PlanBase,
    private readonly transformations: readonly Transformation[],
  ) {
    this.#columns = new ColumnsAtStep(sampleColumns);
    this.#origins = new ValueOrigins(this.#columns);
    this.#before = new Map(createdColumns.map((column) => [column.transformation, column]));
    this.#removers = columnEffects(transformations).removed;
    this.#names = new Set([...sampleColumns, ...createdColumns].flatMap(({ id, name }) => [id, name]));
    this.#lastKey = lastKey;
  }

  result(): TransformationPlan {
    return {
      steps: this.#steps,
      created: this.#created,
      disabled: this.#disabled,
      faults: this.#faults,
      whole: this.#whole,
      derived: this.#origins.derived,
      lastKey: this.#lastKey,
    };
  }

  take(transformation: Transformation): void {
    const inputs = new StepInputs(this.#columns, (id) => this.#reasonFor(id, transformation));
    const plan = planStep(transformation.step, inputs);
    const reason = this.#disabledReason(transformation, inputs.reads);
    if (reason !== null) this.#disabled.set(transformation.id, reason);
    else for (const fault of inputs.faults) this.#addFault(transformation, 'step', fault);
    const target = this.#target(transformation, plan, reason);
    this.#checkReplacement(transformation, plan);
    if (reason === null) this.#run({ transformation, plan, target }, inputs);
    else if (inputs.flattened) this.#unflattened.set(inputs.flattened.id, transformation.id);
  }

  /** Records what a step that runs does to the columns. */
  #run(step: Omit<PlannedStep, 'reasonToHide'>, { reads, flattened, removed, faults }: StepInputs): void {
    const { plan, target, transformation } = step;
    for (const id of reads) if (this.#isWhole(id)) this.#whole.add(id);
    const reasonToHide = this.#origins.reasonToHide(reads);
    this.#origins.add(step, reads);
    if (flattened) this.#columns.flatten(flattened);
    if (removed) this.#columns.remove(removed.id, transformation.id);
    // The value of a created column that a user has disabled is stored nowhere.
    const isUseful =
      'expand' in plan || target?.enabled || target?.removedBy !== undefined || this.#isWhole(target?.id);
    if (faults.length === 0 && isUseful) this.#steps.push({ ...step, reasonToHide });
  }

  #isWhole(id: string | undefined): boolean {
    const column = id === undefined ? undefined : this.#columns.ofSample(id);
    return column !== undefined && hasNoValueInRows(column);
  }

  #checkReplacement(transformation: Transformation, plan: StepPlan): void {
    const { onError, replaceWith } = transformation;
    const shown = `it is ${briefJson(replaceWith)}`;
    if (onError !== 'REPLACE_VALUE') {
      if (replaceWith !== null)
        this.#addFault(transformation, 'replaceWith', `${shown}, but onError is ${onError}; leave it out`);
    } else if ('expand' in plan) {
      const message = 'onError is REPLACE_VALUE, but the step gives rows, not a value; choose REJECT_RECORD or IGNORE';
      this.#addFault(transformation, 'replaceWith', message);
    } else if (valueOfType(replaceWith, plan.type) === undefined) {
      this.#addFault(
        transformation,
        'replaceWith',
        `${shown}, but the step gives ${plan.type}; give a ${plan.type} value, or null`,
      );
    }
  }

  /** Why the step does not run: it is disabled, or a disabled step would give it a column that it uses. Null if it runs. */
  #disabledReason({ id: user, enabled, output }: Transformation, reads: readonly string[]): string | null {
    if (!enabled) return 'it is disabled';
    const used = output && 'update' in output ? [...reads, output.update] : reads;
    for (const id of used) {
      const giver = this.#columns.get(id)?.transformation ?? this.#unflattenedAround(id);
      if (giver === undefined || !this.#disabled.has(giver)) continue;
      // Only the first step of a chain is named: a reason does not grow with the chain.
      const cause = this.#causes.get(giver) ?? giver;
      this.#causes.set(user, cause);
      const does = this.#columns.has(id) ? 'creates' : 'flattens';
      const how =
        cause === giver
          ? `${this.#nameOf(giver)} ${does}: it is disabled`
          : `depends on ${this.#nameOf(cause)}, and that is disabled`;
      return `it uses ${briefJson(id)}, which ${how}`;
    }
    return null;
  }

  #unflattenedAround(id: string): string | undefined {
    const column = this.#columns.ofSample(id);
    const array = column && this.#columns.arrayAround(column);
    return array && this.#unflattened.get(array.id);
  }

  #target(transformation: Transformation, plan: StepPlan, disabledReason: string | null): Column | undefined {
    const { output } = transformation;
    const fault = reasonAgainstOutput(transformation, plan);
    if (fault !== null) this.#addFault(transformation, 'output', fault);
    if (!output || fault !== null) return undefined;
    if ('update' in output) return this.#updated(transformation, output.update, plan);
    const type = 'expand' in plan ? plan.creates?.type : plan.type;
    return type && this.#create(transformation, output.create, { type, disabledReason });
  }

  #create(
    transformation: Transformation,
    name: string,
    { type, disabledReason }: { readonly type: ColumnType; readonly disabledReason: string | null },
  ): Column | undefined {
    const before = this.#before.get(transformation.id);
    const fault = this.#reasonAgainstCreating(name, before);
    if (fault !== null) {
      this.#addFault(transformation, 'output', `create is ${briefJson(name)}${fault}`);
      return undefined;
    }
    if (!before) this.#lastKey += 1;
    const storedKey = `c${this.#lastKey}`;
    const created = createdColumn(before, { transformation, type, disabledReason, storedKey });
    const remover = created.enabled ? this.#removers.get(created.id) : undefined;
    const column = remover ? removedColumn(created, remover) : created;
    this.#created.push(column);
    this.#columns.add(column);
    return column;
  }

  /** A created column keeps its id. Its path may belong to a field of a later sample. */
  #reasonAgainstCreating(name: string, before: Column | undefined): string | null {
    if (before && before.id !== name)
      return `, but the column that it has created is ${briefJson(before.id)}; rename the column, or give the step another id`;
    const isTaken = this.#isKnown(name) || (!before && this.#names.has(name));
    return isTaken ? ', but another column has that id or name; choose another name' : null;
  }

  #isKnown(id: string): boolean {
    return (
      this.#columns.has(id) || this.#columns.ofSample(id) !== undefined || this.#created.some((one) => one.id === id)
    );
  }

  #updated(transformation: Transformation, id: string, plan: StepPlan): Column | undefined {
    const column = this.#columns.get(id);
    const fault = column ? reasonAgainstUpdate(column, plan) : this.#reasonFor(id, transformation);
    if (fault === null) return column;
    if (!this.#disabled.has(transformation.id))
      this.#addFault(transformation, 'output', `update is ${briefJson(id)}: ${fault}`);
    return undefined;
  }

  /** Why a step, or a geolocation, cannot read a column with this id here. Geolocations run after all steps, so to move one is no advice. */
  #reasonFor(id: string, reader: Transformation): string {
    const remover = this.#columns.removerOf(id);
    if (remover !== undefined) {
      const advice = isGeolocation(reader) ? 'disable or delete that step' : 'move this step before that one';
      return `${this.#nameOf(remover)} removes it; ${advice}`;
    }
    const column = this.#columns.ofSample(id);
    const array = column && this.#columns.arrayAround(column);
    if (array) return this.#reasonInside(array);
    const later = this.transformations.find(({ output, ...one }) => {
      return this.#before.get(one.id)?.id === id || (output && 'create' in output && output.create === id);
    });
    if (later && isGeolocation(later))
      return `${this.#nameOf(later.id)} creates it, and points cannot be read; use the columns that they are made of`;
    return later
      ? `${this.#nameOf(later.id)} creates it later in the list; move that step before this one`
      : 'no column has this id';
  }

  #reasonInside({ id }: Column): string {
    const later = this.transformations.find(({ step }) => step.kind === 'flatten' && step.settings.column === id);
    const inside = `it is inside the array of objects ${briefJson(id)}`;
    return later
      ? `${inside}, which ${this.#nameOf(later.id)} flattens later in the list; move that step before this one`
      : `${inside}; flatten that array by a step before this one, or use a step for arrays`;
  }

  #nameOf(id: string | undefined): string {
    const found = this.transformations.find((one) => one.id === id);
    return found ? namedStep(found) : `step ${briefJson(id)}`;
  }

  #addFault(transformation: Transformation, field: 'step' | 'output' | 'replaceWith', what: string): void {
    this.#faults.push(faultOfStep(transformation, field, what));
  }
}
