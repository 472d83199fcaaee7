/** The time of day for users, and a clock that never jumps, for durations and leases. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some fixed instant; only goes forward. */
  monotonicMs(): number;
}
