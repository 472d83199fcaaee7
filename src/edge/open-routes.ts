import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Something that an operator should know. */
export interface ReadinessProblem {
  /** What it is, for everybody: it names no dataset, no path and no server, and quotes no error. */
  readonly summary: string;
  /** The same for an operator, with all of that. */
  readonly detail: string;
}

/** Whether the service accepts pushes, and what its operator should know. */
export interface Readiness {
  readonly ready: boolean;
  /** What loads and queries are waiting for. */
  readonly problems: readonly ReadinessProblem[];
  readonly notices: readonly string[];
}

/** What the two health routes report. */
export interface Health {
  /** Why the service should be restarted; null if it is alive. It names only what a restart can fix. */
  readonly liveness: () => string | null;
  readonly readiness: () => Promise<Readiness>;
}

const RETRY_AFTER_SECONDS = '2';

/** The only paths that need no API key. They show no data. */
export const OPEN_PATHS: readonly string[] = ['/', '/healthz', '/readyz'];

const ABOUT = `Sluice: a push API for data.

GraphQL, and its subscriptions over a websocket (graphql-transport-ws):  /graphql
  createDataset creates a dataset, updateDesign and applyChanges change its design; pushData and deleteData change its records; records reads them.
REST:
  POST /dataload/postdata           {"datasetId": "...", "documentUpdateMethod": "replace", "data": [{...}]}
  POST /dataload/{datasetId}        a record, an array of them, or NDJSON
  POST /dataload/deletedata         {"datasetId": "...", "data": [{...}]}, each with the unique identifiers of a record
  POST /dataload/deletealldata      {"datasetId": "..."}
  GET  /dataload/{jobId}/status
  GET  /dataload/{jobId}/errors
  POST /hooks/{token}               what webhooks send, to a push URL of createPushUrl; the token is the credential
Health:  /healthz, /readyz

Everything else except this page and health needs an API key in the header x-api-key, or a viewer token as Authorization: Bearer; the websocket takes both in connectionParams.
`;

/** Adds the routes that need no key. `isOperator` says whether a request has a key that shows the problems in detail. */
export function addOpenRoutes(
  app: FastifyInstance,
  { liveness, readiness }: Health,
  isOperator: (request: FastifyRequest) => Promise<boolean>,
): void {
  app.get('/', async (_request, reply) => reply.type('text/plain; charset=utf-8').send(ABOUT));
  app.get('/healthz', async (_request, reply) => {
    const problem = liveness();
    if (problem === null) return { status: 'ok' };
    return reply.code(503).header('retry-after', RETRY_AFTER_SECONDS).send({ status: 'failing', problem });
  });
  app.get('/readyz', async (request, reply) => {
    const [{ ready, problems, notices }, inDetail] = await Promise.all([readiness(), isOperator(request)]);
    if (!ready) void reply.code(503).header('retry-after', RETRY_AFTER_SECONDS);
    const shown = new Set(problems.map(({ summary, detail }) => (inDetail ? detail : summary)));
    return reply.send({ ready, problems: [...shown], notices });
  });
}
