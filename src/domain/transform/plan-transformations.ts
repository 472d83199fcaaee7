import type { Column } from '../design/column.js';
import { columnsById } from '../design/column-pointer.js';
import type { Columns } from '../design/design.js';
import type { DesignFault } from '../design/design-fault.js';
import { briefJson } from '../json/stringify-json.js';
import { createdColumn } from './created-column.js';
import { StepInputs } from './step-inputs.js';
import type { ValuePlan } from './step-kind.js';
import { planStep } from './step-kinds.js';
import type { Transformation } from './transformation.js';
import { listFaults, MAX_TRANSFORMATIONS } from './transformation-list.js';
import { valueOfType } from './value-of-type.js';

/** A transformation that runs: its plan, and the column that gets the value. */
export interface PlannedStep {
  readonly transformation: Transformation;
  readonly plan: ValuePlan;
  readonly target: Column;
}

/** The result of checking the transformations of a design. */
export interface TransformationPlan {
  readonly steps: readonly PlannedStep[];
  /** The columns that the transformations create, in order. */
  readonly created: readonly Column[];
  /** Why disabled transformations do not run, by id. */
  readonly disabled: ReadonlyMap<string, string>;
  readonly faults: readonly DesignFault[];
  readonly lastKey: number;
}

/** The columns that transformations start from. */
export interface PlanBase {
  readonly sampleColumns: readonly Column[];
  /** The columns that transformations have created before, with the settings that users made on them. */
  readonly createdColumns: readonly Column[];
  readonly lastKey: number;
}

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
  const sampleColumns = columns.filter(({ origin }) => origin === 'SAMPLE');
  const createdColumns = columns.filter(({ origin }) => origin === 'TRANSFORMATION');
  return planTransformations({ sampleColumns, createdColumns, lastKey }, transformations);
}

class Planner {
  readonly #columns: Map<string, Column>;
  readonly #before: ReadonlyMap<string | undefined, Column>;
  readonly #steps: PlannedStep[] = [];
  readonly #created: Column[] = [];
  readonly #disabled = new Map<string, string>();
  /** For each step that does not run because of another one, the id of the disabled step that causes it. */
  readonly #causes = new Map<string, string>();
  readonly #faults: DesignFault[] = [];
  /** The ids and names of all columns, except those that are created now. */
  readonly #names: ReadonlySet<string>;
  #lastKey: number;

  constructor(
    { sampleColumns, createdColumns, lastKey }: PlanBase,
    private readonly transformations: readonly Transformation[],
  ) {
    this.#columns = new Map(columnsById(sampleColumns));
    this.#before = new Map(createdColumns.map((column) => [column.transformation, column]));
    this.#names = new Set([...sampleColumns, ...createdColumns].flatMap(({ id, name }) => [id, name]));
    this.#lastKey = lastKey;
  }

  result(): TransformationPlan {
    return {
      steps: this.#steps,
      created: this.#created,
      disabled: this.#disabled,
      faults: this.#faults,
      lastKey: this.#lastKey,
    };
  }

  take(transformation: Transformation): void {
    const inputs = new StepInputs(this.#columns, (id) => this.#reasonFor(id));
    const plan = planStep(transformation.step, inputs);
    const reason = transformation.enabled ? this.#disabledInput(transformation, inputs.reads) : 'it is disabled';
    if (reason !== null) this.#disabled.set(transformation.id, reason);
    else for (const fault of inputs.faults) this.#addFault(transformation, 'step', fault);
    const target = this.#target(transformation, plan, reason);
    this.#checkReplacement(transformation, plan);
    const isRun = reason === null && inputs.faults.length === 0;
    // A created column that a user has disabled is not stored in rows.
    if (target?.enabled && isRun) this.#steps.push({ transformation, plan, target });
  }

  #checkReplacement(transformation: Transformation, { type }: ValuePlan): void {
    const { onError, replaceWith } = transformation;
    const shown = `it is ${briefJson(replaceWith)}`;
    if (onError !== 'REPLACE_VALUE') {
      if (replaceWith !== null)
        this.#addFault(transformation, 'replaceWith', `${shown}, but onError is ${onError}; leave it out`);
    } else if (valueOfType(replaceWith, type) === undefined) {
      this.#addFault(
        transformation,
        'replaceWith',
        `${shown}, but the step gives ${type}; give a ${type} value, or null`,
      );
    }
  }

  /** Why the step cannot run: a disabled step would create a column that it reads. Null if it can run. */
  #disabledInput({ id: reader }: Transformation, reads: readonly string[]): string | null {
    for (const id of reads) {
      const maker = this.#columns.get(id)?.transformation;
      if (maker === undefined || !this.#disabled.has(maker)) continue;
      // Only the first step of a chain is named: a reason does not grow with the chain.
      const cause = this.#causes.get(maker) ?? maker;
      this.#causes.set(reader, cause);
      const how =
        cause === maker
          ? `${this.#nameOf(maker)} creates: it is disabled`
          : `depends on ${this.#nameOf(cause)}, and that is disabled`;
      return `it reads ${briefJson(id)}, which ${how}`;
    }
    return null;
  }

  #target(transformation: Transformation, plan: ValuePlan, disabledReason: string | null): Column | undefined {
    const { output } = transformation;
    if (!output) {
      this.#addFault(transformation, 'output', 'the step gives a value; give a column to update or to create');
      return undefined;
    }
    if ('update' in output) return this.#updated(transformation, output.update, plan);
    const before = this.#before.get(transformation.id);
    const fault = this.#reasonAgainstCreating(output.create, before);
    if (fault !== null) {
      this.#addFault(transformation, 'output', `create is ${briefJson(output.create)}${fault}`);
      return undefined;
    }
    if (!before) this.#lastKey += 1;
    const column = createdColumn(before, {
      transformation,
      type: plan.type,
      disabledReason,
      storedKey: `c${this.#lastKey}`,
    });
    this.#created.push(column);
    this.#columns.set(column.id, column);
    return column;
  }

  /** A created column keeps its id. Its path may belong to a field of a later sample. */
  #reasonAgainstCreating(name: string, before: Column | undefined): string | null {
    if (before && before.id !== name)
      return `, but the column that it has created is ${briefJson(before.id)}; rename the column, or give the step another id`;
    const isTaken = this.#columns.has(name) || (!before && this.#names.has(name));
    return isTaken ? ', but another column has that id or name; choose another name' : null;
  }

  #updated(transformation: Transformation, id: string, plan: ValuePlan): Column | undefined {
    const column = this.#columns.get(id);
    const fault = column ? reasonAgainstUpdate(column, plan) : this.#reasonFor(id);
    if (fault !== null) this.#addFault(transformation, 'output', `update is ${briefJson(id)}: ${fault}`);
    return fault === null ? column : undefined;
  }

  #reasonFor(id: string): string {
    const later = this.transformations.find(({ output, ...one }) => {
      return this.#before.get(one.id)?.id === id || (output && 'create' in output && output.create === id);
    });
    return later
      ? `${this.#nameOf(later.id)} creates it later in the list; move that step before this one`
      : 'no column has this id';
  }

  #nameOf(id: string | undefined): string {
    const name = this.transformations.find((one) => one.id === id)?.name ?? id;
    return `step ${briefJson(name)}`;
  }

  #addFault({ id, name }: Transformation, field: 'step' | 'output' | 'replaceWith', what: string): void {
    this.#faults.push({ transformation: id, field, message: `${field} of step ${briefJson(name)}: ${what}` });
  }
}

function reasonAgainstUpdate(
  { enabled, disabledReason, uniqueIdentifier, type }: Column,
  plan: ValuePlan,
): string | null {
  if (!enabled) return disabledReason ?? 'the column is disabled; enable it, or create a column';
  if (uniqueIdentifier)
    return 'the column is a unique identifier, which must keep the value that was sent; create a column';
  return type === plan.type ? null : `the column is ${type}, but the step gives ${plan.type}; create a column`;
}
