/** Something in a design that is allowed but may not be intended. */
export interface DesignWarning {
  /** The column's id; null if the warning concerns the whole design. */
  readonly column: string | null;
  /** Names the problem, its consequence, and what to do. */
  readonly message: string;
}
