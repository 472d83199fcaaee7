import type { JsonObject } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';

/** Where an object or an array is in a record. */
export interface RecordPlace {
  /** Its JSON Pointer, empty for the record itself. */
  readonly pointer: string;
  /** The same without array indexes, as in {@link RecordMismatches}. */
  readonly kindPointer: string;
}

/** An array of objects of a record, as the steps of a design see it. Immutable. */
export class ObjectArray {
  constructor(
    readonly elements: readonly (JsonObject | null)[],
    private readonly place: RecordPlace,
    /** The index of each element in the array that was sent; null if all are in their places. */
    private readonly indexes: readonly number[] | null = null,
  ) {}

  /** Where the element at this position is in the record that was sent. */
  placeOf(position: number): RecordPlace {
    const pointer = pointerTo(this.place.pointer, this.indexes?.[position] ?? position);
    return { pointer, kindPointer: this.place.kindPointer };
  }

  /** The array with only the elements at these positions, in this order. */
  pick(positions: readonly number[]): ObjectArray {
    const elements = positions.map((position) => this.elements[position] ?? null);
    const indexes = positions.map((position) => this.indexes?.[position] ?? position);
    return new ObjectArray(elements, this.place, indexes);
  }
}
