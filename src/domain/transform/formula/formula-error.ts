/** Why a function of a formula has no value. Thrown, since the library has no other way; the step turns it into its own error. */
export class FormulaError extends Error {}
