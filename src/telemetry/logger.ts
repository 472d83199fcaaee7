import { type Logger, pino } from 'pino';

export type { Logger };

/** Writes one JSON line for each event to standard error, since standard output is for people. Secrets in headers are never written. */
export function createLogger(level: string): Logger {
  return pino({ level, redact: ['req.headers["x-api-key"]', 'req.headers.authorization'] }, pino.destination(2));
}
