/** The service cannot start, for a reason that the person who starts it can fix. The message says how; a stack would not help. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
