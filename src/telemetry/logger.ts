import { type DestinationStream, type Logger, pino } from 'pino';
import { withoutHookPaths } from '../domain/hooks/redact-tokens.js';

export type { Logger };

/**
 * Writes one JSON line for each event to standard error, since standard output is for people. Secrets in headers are never written, nor tokens of push URLs, wherever in a line
 * they are.
 */
export function createLogger(level: string, into: DestinationStream = pino.destination(2)): Logger {
  const redact = ['req.headers["x-api-key"]', 'req.headers.authorization'];
  return pino({ level, redact, hooks: { streamWrite: withoutHookPaths } }, into);
}
