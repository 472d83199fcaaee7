/** The state of the record store's generations: which are kept for open cursors, and which must be removed. */
export interface Generations {
  /**
   * Records a generation before it is created, so that it is removed if it never comes into use: with a run token once that run of the lane is over, otherwise after an
   * hour. A run that is over may record one too late; no other run uses the same name, and it is removed too.
   */
  begin(generation: string, datasetId: string, revision: number, runToken?: number): Promise<void>;
  /**
   * The generations from which the dataset was read until recently, with their designs: open cursors still read them. Generations that have records which a committed
   * delete has removed since are left out.
   */
  retired(datasetId: string): Promise<readonly RetiredGeneration[]>;
  /** Whether cursors of this generation still work: it is in use, or {@link retired} returns it. */
  isReadable(generation: string): Promise<boolean>;
  /** The generations that nobody reads any longer, and those that never came into use. */
  expired(): Promise<readonly string[]>;
  /** Records that a generation has been removed from the record store. */
  forget(generation: string): Promise<void>;
  /** Those of these names that are neither in the catalog nor in the register. */
  unknown(names: readonly string[]): Promise<readonly string[]>;
  /**
   * The generations in use whose tombstones are old enough to be swept and that no replay needs: none of their tombstones is from a later job than a record in
   * quarantine.
   */
  withOldTombstones(olderThanMs: number): Promise<readonly SweepableGeneration[]>;
  /** Records that the tombstones of a generation have been swept up to a time. If some may be left, it becomes due again after the same time. */
  swept(generation: string, through: Date): Promise<void>;
}

/** A generation, and the time up to which to sweep its tombstones. */
export interface SweepableGeneration {
  readonly generation: string;
  readonly through: Date;
}

export interface RetiredGeneration {
  readonly generation: string;
  readonly revision: number;
}
