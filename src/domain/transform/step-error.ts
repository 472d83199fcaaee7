/** Why a step cannot give a value for a row. Returned, not thrown, because every record of a push may have one. */
export class StepError {
  /** `message` names the value and what was expected. */
  constructor(readonly message: string) {}
}
