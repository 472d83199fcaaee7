import type { FastifyInstance } from 'fastify';
import type { UseCases } from '../../usecases/use-cases.js';
import { callerOf } from '../authentication.js';
import { type BodyLimits, readBody } from '../request-body.js';

export interface HookOptions extends BodyLimits {
  readonly useCases: Pick<UseCases, 'receiveHook'>;
}

/** The route of push URLs. */
export const HOOKS_ROUTE = '/hooks/:token';

/** Whether a request is for a push URL, or for a path that looks like one. */
export function isUnderHooks(url: string): boolean {
  return url.startsWith('/hooks/');
}

/** Adds the route to which senders of webhooks push. It responds once the delivery is durable, and does not wait for its job: senders give up after a few seconds. */
export function addHookRoute(app: FastifyInstance, options: HookOptions): void {
  app.post(HOOKS_ROUTE, async (request, reply) => {
    const { pushUrl } = request;
    if (!pushUrl) throw new TypeError('the request has no push URL');
    const { bytes: body, mediaType } = await readBody(request, reply, options);
    const headerOf = (name: string) => request.raw.headersDistinct[name]?.[0];
    const delivery = { pushUrl, headerOf, body, mediaType };
    const job = await options.useCases.receiveHook(delivery, callerOf(request));
    if (!job.replayed) return reply.code(202).send({ jobId: job.id });
    return reply.code(202).header('idempotency-replayed', 'true').send({ jobId: job.id, replayed: true });
  });
}
