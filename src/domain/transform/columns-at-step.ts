import { type Column, isObjectArray } from '../design/column.js';
import { arrayAbove, columnsById } from '../design/column-pointer.js';
import { beforeRemoval } from '../design/removed-column.js';

/**
 * The columns as a step of the list finds them: those of the sample outside arrays, and what the steps before it have created, flattened and removed. Columns that
 * a later step removes are enabled here.
 */
export class ColumnsAtStep {
  readonly #ofSample: ReadonlyMap<string, Column>;
  readonly #readable: Map<string, Column>;
  #byArray: ReadonlyMap<string | undefined, readonly Column[]> | undefined;
  /** The ids of the flattened arrays. */
  readonly #flattened = new Set<string>();
  /** The ids of removed columns, and of the steps that removed them. */
  readonly #removed = new Map<string, string>();

  constructor(sampleColumns: readonly Column[]) {
    this.#ofSample = columnsById(sampleColumns);
    const outside = sampleColumns.filter((column) => this.arrayAround(column) === undefined);
    this.#readable = new Map(outside.map((column) => [column.id, beforeRemoval(column)]));
  }

  get(id: string): Column | undefined {
    return this.#readable.get(id);
  }

  has(id: string): boolean {
    return this.#readable.has(id);
  }

  /** A column of the sample, whether steps can read it here or not. */
  ofSample(id: string): Column | undefined {
    return this.#ofSample.get(id);
  }

  /** The outermost array around a column of the sample that is not flattened yet; undefined if there is none. */
  arrayAround(column: Column): Column | undefined {
    const above = arrayAbove(column, this.#ofSample);
    if (!above) return undefined;
    return this.arrayAround(above) ?? (this.#flattened.has(above.id) ? undefined : above);
  }

  /** The id of the step that removed a column; undefined if none did. */
  removerOf(id: string): string | undefined {
    return this.#removed.get(id);
  }

  isFlattened(id: string): boolean {
    return this.#flattened.has(id);
  }

  /** The columns inside an array of objects, outside the arrays in it. */
  inside(array: Column): readonly Column[] {
    this.#byArray ??= groupBy(this.#ofSample.values(), (column) => arrayAbove(column, this.#ofSample)?.id);
    return this.#byArray.get(array.id) ?? [];
  }

  /** Whether a column of the sample is inside an array of objects, outside the arrays in it. */
  isInside(column: Column, array: Column): boolean {
    return arrayAbove(column, this.#ofSample)?.id === array.id;
  }

  /** The objects around a column, up to the next array or the record. */
  objectsAround({ parent }: Column): readonly Column[] {
    const above = parent === null ? undefined : this.#ofSample.get(parent);
    return !above || isObjectArray(above) ? [] : [above, ...this.objectsAround(above)];
  }

  /** The object or array around a column of the sample that is stored whole as text, so that nothing inside it has values. */
  storedWholeAround({ parent }: Column): Column | undefined {
    const above = parent === null ? undefined : this.#ofSample.get(parent);
    return !above || above.undetermined ? above : this.storedWholeAround(above);
  }

  add(column: Column): void {
    this.#readable.set(column.id, beforeRemoval(column));
  }

  /** Makes the columns inside an array readable. */
  flatten(array: Column): void {
    this.#flattened.add(array.id);
    for (const column of this.inside(array)) this.add(column);
  }

  remove(id: string, step: string): void {
    this.#readable.delete(id);
    this.#removed.set(id, step);
  }
}

function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
