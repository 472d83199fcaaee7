/** Since when no worker runs; null where none has run for a day, or ever. */
export interface WorkerAbsence {
  readonly since: Date | null;
}

/** The signs of life of the processes that load, kept in the database, whose server's clock alone judges them. */
export interface Workers {
  /** Says that a worker runs: to be repeated every 3 seconds. One that is silent for 12 seconds is taken for gone. */
  beat(id: string): Promise<void>;
  /** Says that a worker has ended. */
  leave(id: string): Promise<void>;
  /** Null while a worker runs. The answer is up to a second old. */
  absence(): Promise<WorkerAbsence | null>;
}
