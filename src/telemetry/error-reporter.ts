import type { Logger } from './logger.js';
import { passesByItself } from './passing-trouble.js';

/**
 * Logs what went wrong where no caller hears of it: at error level what an operator must do something about, as a warning what passes by itself, and for
 * debugging alone what `isKnown`, the consequence of an event that has its own line.
 */
export function errorReporter(
  logger: Logger,
  isKnown: (error: unknown) => boolean = () => false,
): (error: unknown, doing: string) => void {
  return (error, doing) => {
    if (isKnown(error)) logger.debug({ err: error }, doing);
    else if (passesByItself(error)) logger.warn({ err: error }, doing);
    else logger.error({ err: error }, doing);
  };
}
