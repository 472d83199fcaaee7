/** Since when no worker has been running; null if none has run for a day, or ever. */
export interface WorkerAbsence {
  readonly since: Date | null;
}

/** The heartbeats of the processes that load. They are in the database, and only its server's clock judges them. */
export interface Workers {
  /** Records that a worker is running. Call it every 3 seconds: a worker without a heartbeat for 12 seconds counts as gone. */
  beat(id: string): Promise<void>;
  /** Records that a worker has ended. */
  leave(id: string): Promise<void>;
  /** Null while a worker is running. The result is up to a second old. */
  absence(): Promise<WorkerAbsence | null>;
}
