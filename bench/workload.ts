import type { Servers } from './servers.js';
import type { RowName, Store } from './targets.js';

/** What a workload measured for one row of the table: a value a round, and what Sluice and the baseline reached in it. */
export interface Measurement {
  readonly row: RowName;
  readonly values: readonly number[];
  /** Absolute numbers of Sluice and of the baseline, a round each. */
  readonly own?: readonly number[];
  readonly raw?: readonly number[];
  /** The unit of `own` and `raw`. */
  readonly of?: string;
}

/** What a workload runs on. */
export interface Bench extends Servers {
  /** Whether there is one more round, after so many; in a quick run, slow machines do fewer. */
  hasRound(after: number): boolean;
  readonly isQuick: boolean;
  /** How long loads that go on for minutes do so. */
  readonly minutes: number;
  /** How many million rows a full run stores to see what they cost. */
  readonly millions: number;
  /** The first value in a quick run, the second otherwise. */
  size(quick: number, full: number): number;
  /** Tells the person who waits what is going on. */
  note(line: string): void;
}

/** One kind of load. A file of `workloads/` has one. */
export interface Workload {
  /** For `--only`. */
  readonly name: string;
  readonly stores: readonly Store[];
  /** Whether a quick run has it. */
  readonly quick: boolean;
  /** Whether it leaves so much behind that others need new servers. */
  readonly alone?: boolean;
  run(bench: Bench): Promise<readonly Measurement[]>;
}
