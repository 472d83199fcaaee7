import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { ExaminedPayload } from '../domain/load/examined-payload.js';
import type { Group } from '../ports/lane.js';

/** A push that was read and examined ahead of its group. */
export interface AheadPush {
  readonly payload: Buffer;
  readonly examined: ExaminedPayload;
}

/** By lane position. */
export type AheadPushes = ReadonlyMap<number, AheadPush>;

export const NOTHING_AHEAD: AheadPushes = new Map();

/** Reads ahead of the group that a run loads. */
export interface Ahead {
  /** Takes what was read ahead of this group, if it was for this design. */
  take(design: CompiledDesign): Promise<AheadPushes>;
  /** Begins to read what follows the group. Changes nothing that is stored, and never throws. */
  begin(group: Group, design: CompiledDesign): void;
}
