/** What became of the generations of the record store: which are kept for open cursors, and which are to go. */
export interface Generations {
  /**
   * Notes a generation before it is made, so that it is removed again should it never come into use: with a run token once that run of the lane is over, otherwise
   * after an hour. A run that is over may note one too late: its name is its own, and it is removed all the same.
   */
  begin(generation: string, datasetId: string, revision: number, runToken?: number): Promise<void>;
  /**
   * The generations that the dataset was read from a short while ago, with the designs they were read by: what cursors of theirs are read from still. Once a
   * committed delete has ended records they hold, they are left out.
   */
  retired(datasetId: string): Promise<readonly RetiredGeneration[]>;
  /** Whether cursors of this generation are read still: it is in use, or one of those {@link retired} returns. */
  isReadable(generation: string): Promise<boolean>;
  /** Those that nobody reads any longer, and those that never came into use. */
  expired(): Promise<readonly string[]>;
  /** It has been removed from the record store. */
  forget(generation: string): Promise<void>;
  /** Those of these names that neither the catalog nor the register knows. */
  unknown(names: readonly string[]): Promise<readonly string[]>;
  /**
   * Those in use whose tombstones are old enough to be swept and are not needed to judge a replay by: none of their tombstones is of a later job than a record
   * in quarantine.
   */
  withOldTombstones(olderThanMs: number): Promise<readonly SweepableGeneration[]>;
  /** Its tombstones have been swept up to a time; where some may be left it is due again after as long. */
  swept(generation: string, through: Date): Promise<void>;
}

/** A generation, and the time up to which its tombstones are to be swept. */
export interface SweepableGeneration {
  readonly generation: string;
  readonly through: Date;
}

export interface RetiredGeneration {
  readonly generation: string;
  readonly revision: number;
}
