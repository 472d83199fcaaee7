import type { PlainPayload, PlainRow } from '../plain/plain-payload.js';
import { recordIdFromLog } from '../record-id.js';

/**
 * A new record of a design without identifiers, whose row is written from the bytes of the payload. A group may have a hundred thousand of them until they are written, so each is one object, and its id is made when it
 * is used.
 */
export class PlainRecord implements PlainRow {
  declare readonly isUnplaced?: true;

  /** `index`: in the job at this position of the lane. `at`: see {@link PlainRow}. */
  constructor(
    private readonly position: number,
    readonly index: number,
    readonly payload: PlainPayload,
    readonly at: number,
  ) {}

  /** Not a field, of which there would be as many. */
  get use(): 'REPLACE' {
    return 'REPLACE';
  }

  get recordId(): string {
    return recordIdFromLog(this.position, this.index);
  }

  get plain(): PlainRow {
    return this;
  }
}
