/** What became of the generations of the record store: which are kept for open cursors, and which are to go. */
export interface Generations {
  /** Notes a generation before it is made, so that it is removed again should it never come into use. */
  begin(generation: string, datasetId: string, revision: number): Promise<void>;
  /** The generations that the dataset was read from a short while ago and that still stand, with the designs they were read by. */
  retired(datasetId: string): Promise<readonly RetiredGeneration[]>;
  /** Those that nobody reads any longer, and those that never came into use. */
  expired(): Promise<readonly string[]>;
  /** It has been removed from the record store. */
  forget(generation: string): Promise<void>;
  /** Those in use whose tombstones are old enough to be swept and are not needed to judge a replay by. */
  withOldTombstones(olderThanMs: number): Promise<readonly string[]>;
  /** Their tombstones have been swept up to that age. */
  swept(generation: string): Promise<void>;
}

export interface RetiredGeneration {
  readonly generation: string;
  readonly revision: number;
}
