import type { Logger } from './logger.js';
import { passesByItself } from './passing-trouble.js';

/** Logs what went wrong where no caller hears of it: at error level what an operator must do something about, as a warning what passes by itself. */
export function errorReporter(logger: Logger): (error: unknown, doing: string) => void {
  return (error, doing) => {
    if (passesByItself(error)) logger.warn({ err: error }, doing);
    else logger.error({ err: error }, doing);
  };
}
