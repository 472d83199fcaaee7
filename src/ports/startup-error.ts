/** The service cannot start, for a reason that whoever starts it can mend; the message says how, and no stack is worth showing. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
