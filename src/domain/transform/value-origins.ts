import type { Column } from '../design/column.js';
import { briefJson } from '../json/stringify-json.js';
import type { ColumnsAtStep } from './columns-at-step.js';
import type { PlannedStep } from './transformation-plan.js';

/** Follows, through the steps of a design, where values come from that not everyone may see who sees the errors of jobs. */
export class ValueOrigins {
  /** The columns with values of sensitive columns: by id, the id of the sensitive column. */
  readonly derived = new Map<string, string>();
  /** The ids of the columns with values of other datasets. */
  readonly #foreign = new Set<string>();

  constructor(private readonly columns: ColumnsAtStep) {}

  /** Why errors of a step that reads these columns must not show values; null if they may. */
  reasonToHide(reads: readonly string[]): string | null {
    const sensitive = this.#sourceOf(reads);
    if (sensitive !== undefined) return `it could show values of the sensitive column ${briefJson(sensitive)}`;
    const foreign = reads.find((id) => this.#foreign.has(id));
    return foreign === undefined ? null : `${briefJson(foreign)} has values of another dataset`;
  }

  /** Notes what a step that runs puts into its column. */
  add({ transformation, target }: Pick<PlannedStep, 'transformation' | 'target'>, reads: readonly string[]): void {
    if (!target) return;
    const source = this.#sourceOf(reads);
    if (source !== undefined && source !== target.id) this.derived.set(target.id, source);
    if (transformation.step.kind === 'lookup' || reads.some((id) => this.#foreign.has(id))) {
      this.#foreign.add(target.id);
    }
  }

  #sourceOf(reads: readonly string[]): string | undefined {
    for (const id of reads) {
      const source = this.#column(id)?.sensitive ? id : this.derived.get(id);
      if (source !== undefined) return source;
    }
    return undefined;
  }

  #column(id: string): Column | undefined {
    return this.columns.get(id) ?? this.columns.ofSample(id);
  }
}
