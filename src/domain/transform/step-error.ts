/** Why a step cannot give a value for a row. Returned, not thrown: a push may have as many as it has records. */
export class StepError {
  /** `message` names the value, and what was expected. */
  constructor(readonly message: string) {}
}
