import type { FastifyInstance } from 'fastify';
import { SluiceError } from '../domain/errors.js';

/**
 * The end of an HTTP server. From the call of the answered function on, what is in flight is answered and its connection closed, and what comes is refused
 * with STORE_UNAVAILABLE; after the grace time whatever is still open is cut off. Must be added before every other hook.
 */
export function addDrain(app: FastifyInstance, graceMs: number): () => Promise<void> {
  let draining = false;
  app.addHook('onRequest', async () => {
    if (draining) throw new SluiceError('STORE_UNAVAILABLE', 'the service is stopping; try again shortly');
  });
  app.addHook('onSend', async (_request, reply) => {
    if (draining) void reply.header('connection', 'close');
  });
  // An answer whose headers went out before leaves its connection open.
  app.addHook('onResponse', async () => {
    if (draining) setImmediate(() => app.server.closeIdleConnections());
  });
  return async () => {
    draining = true;
    const graceIsOver = setTimeout(() => app.server.closeAllConnections(), graceMs);
    await app.close();
    clearTimeout(graceIsOver);
  };
}
