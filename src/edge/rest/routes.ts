import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Dataset } from '../../domain/dataset.js';
import { SluiceError } from '../../domain/errors.js';
import { NDJSON_TYPES } from '../../domain/hooks/read-hook-body.js';
import type { DocumentUpdateMethod, Job } from '../../domain/job/job.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import { briefJson } from '../../domain/json/stringify-json.js';
import { refuseUnknownKeys } from '../../domain/push/known-keys.js';
import { type Envelope, readBareRecords, readEnvelope } from '../../domain/push/sent-body.js';
import type { Caller } from '../../domain/security/caller.js';
import { inTurns } from '../../event-loop/turns.js';
import type { JobReceipt } from '../../usecases/accept-job.js';
import type { UseCases } from '../../usecases/use-cases.js';
import { checkedWait } from '../../usecases/wait-for-job.js';
import { callerOf } from '../authentication.js';
import { singleHeader } from '../conflicting-headers.js';
import { type BodyLimits, type RequestBody, readBody, requireMediaType } from '../request-body.js';
import { httpStatusOf, statusBody } from './status-body.js';

const ENVELOPE_ROUTE = '/dataload/postdata';
const RECORDS_ROUTE = '/dataload/:datasetId';
/** The routes that take pushes. */
export const PUSH_ROUTES: readonly string[] = [ENVELOPE_ROUTE, RECORDS_ROUTE];
const JSON_TYPE = 'application/json';

export interface RestOptions extends BodyLimits {
  readonly useCases: UseCases;
}

/** Calls the use case that accepts the job of a body. */
type Accept = (body: RequestBody, idempotencyKey: string | undefined, caller: Caller) => Promise<JobReceipt>;

/** Adds the REST routes, which take the cURL commands of the original. Each route translates, and calls the same use case as GraphQL. */
export function addRestRoutes(app: FastifyInstance, options: RestOptions): void {
  const { useCases } = options;
  /**
   * Responds with 202 and the job's id. With `wait`, responds once the job is final or the time is over, with its status and the HTTP status that tells scripts
   * how it ended.
   */
  async function respondWithJob(request: FastifyRequest, reply: FastifyReply, accept: Accept): Promise<object> {
    const seconds = waitOf(request);
    const job = await acceptBody(request, reply, accept);
    if (job.replayed) void reply.header('idempotency-replayed', 'true');
    // In the body too, because scripts look there: otherwise a loader that runs again would take old jobs for new ones.
    const mark = job.replayed ? { replayed: true } : {};
    if (seconds === null) return reply.code(202).send({ jobId: job.id, ...mark });
    const { jobs } = useCases.readerFor(callerOf(request));
    const waited = await jobs.wait(job, seconds);
    const body = { ...statusOf(waited, job), ...mark };
    void reply.code(httpStatusOf(waited));
    if (waited.faults.errorCount === 0) return reply.send(body);
    return reply.send({ ...body, errorSummary: await jobs.errorSummaryOf(waited) });
  }

  /** A separate function, so that the body is out of memory while the job is waited for. */
  async function acceptBody(request: FastifyRequest, reply: FastifyReply, accept: Accept): Promise<JobReceipt> {
    const body = await readBody(request, reply, options);
    const job = await accept(body, singleHeader(request.raw, 'idempotency-key'), callerOf(request));
    body.release();
    return job;
  }

  app.post(ENVELOPE_ROUTE, (request, reply) =>
    respondWithJob(request, reply, async (body, idempotencyKey, caller) => {
      parametersOf(request, ['wait']);
      requireMediaType(body, [JSON_TYPE]);
      const envelope = await inTurns(readEnvelope(body.bytes, ['datasetId', 'documentUpdateMethod', 'data']));
      const datasetId = datasetIdOf(envelope);
      const documentUpdateMethod = methodOf(envelope.documentUpdateMethod);
      const payload = { data: envelope.data, payload: body.bytes, form: 'ENVELOPE' as const };
      return useCases.pushData({ datasetId, documentUpdateMethod, idempotencyKey, ...payload }, caller);
    }),
  );

  app.post('/dataload/deletedata', (request, reply) =>
    respondWithJob(request, reply, async (body, idempotencyKey, caller) => {
      parametersOf(request, ['wait']);
      requireMediaType(body, [JSON_TYPE]);
      const envelope = await inTurns(readEnvelope(body.bytes, ['datasetId', 'data']));
      const target = { datasetId: datasetIdOf(envelope), idempotencyKey };
      const payload = { data: envelope.data, payload: body.bytes, form: 'ENVELOPE' as const };
      return useCases.deleteData.byIdentifiers({ ...target, ...payload }, caller);
    }),
  );

  app.post('/dataload/deletealldata', (request, reply) =>
    respondWithJob(request, reply, async (body, idempotencyKey, caller) => {
      parametersOf(request, ['wait']);
      requireMediaType(body, [JSON_TYPE]);
      const datasetId = datasetIdOf(await inTurns(readEnvelope(body.bytes, ['datasetId'])));
      return useCases.deleteData.all({ datasetId, idempotencyKey }, caller);
    }),
  );

  app.post(RECORDS_ROUTE, (request: FastifyRequest<{ Params: { datasetId: string } }>, reply) =>
    respondWithJob(request, reply, async (body, idempotencyKey, caller) => {
      const { datasetId } = request.params;
      requireMediaType(body, [JSON_TYPE, ...NDJSON_TYPES]);
      const form = body.mediaType === JSON_TYPE ? ('RECORDS' as const) : ('NDJSON' as const);
      const { documentUpdateMethod } = parametersOf(request, ['wait', 'documentUpdateMethod']);
      const method = methodOf(documentUpdateMethod);
      const data = await inTurns(readBareRecords(body.bytes, form));
      const push = { datasetId, documentUpdateMethod: method, data, payload: body.bytes, form, idempotencyKey };
      return useCases.pushData(push, caller);
    }),
  );

  app.get('/dataload/:jobId/status', async (request: FastifyRequest<{ Params: { jobId: string } }>) => {
    const { jobs, catalog } = useCases.readerFor(callerOf(request));
    const job = await jobs.existingJob(request.params.jobId);
    return statusOf(job, await catalog.datasetOfJob(job));
  });

  app.get('/dataload/:jobId/errors', async (request: FastifyRequest<{ Params: { jobId: string } }>) => {
    const { jobs } = useCases.readerFor(callerOf(request));
    const job = await jobs.existingJob(request.params.jobId);
    const [errorSummary, errors] = [await jobs.errorSummaryOf(job), await jobs.errorsOf(job)];
    return { jobId: job.id, ...job.faults, errorSummary, errors };
  });
}

function statusOf(job: Job, { connectionId }: Pick<Dataset, 'connectionId'>): object {
  return statusBody(job, connectionId, new Date());
}

function datasetIdOf({ datasetId }: Pick<Envelope, 'datasetId'>): string {
  if (typeof datasetId === 'string') return datasetId;
  const actual = datasetId === undefined ? 'missing' : briefJson(datasetId);
  const message = `datasetId is ${actual}; give the id of the dataset, as a string`;
  throw new SluiceError('BAD_REQUEST', message, { pointer: '/datasetId', expected: 'string', actual });
}

type Parameters = Readonly<Record<string, string | string[] | undefined>>;

/** The query string; a parameter that is given twice is an array. Throws BAD_REQUEST for an unknown parameter. */
function parametersOf({ query }: FastifyRequest, known: readonly string[]): Parameters {
  refuseUnknownKeys(query as Parameters, known, 'the query string');
  return query as Parameters;
}

const SECONDS = /^\d{1,9}(?:\.\d{1,9})?$/;

/** How many seconds to wait for the job; null without `wait`. Throws BAD_REQUEST. */
function waitOf({ query }: FastifyRequest): number | null {
  const { wait } = query as Parameters;
  if (wait === undefined) return null;
  if (typeof wait === 'string' && SECONDS.test(wait)) return checkedWait(Number(wait), 'wait');
  const actual = briefJson(wait);
  const message = `wait is ${actual}; give it once, as a number of seconds such as 10 or 0.5`;
  throw new SluiceError('BAD_REQUEST', message, { field: 'wait', expected: 'a number', actual });
}

/** Ignores upper and lower case; REPLACE if nothing is given. */
function methodOf(value: JsonValue | undefined): DocumentUpdateMethod {
  if (value === undefined || value === null) return 'REPLACE';
  const method = typeof value === 'string' ? value.toUpperCase() : '';
  if (method === 'UPSERT' || method === 'REPLACE') return method;
  const actual = briefJson(value);
  const message = `documentUpdateMethod is ${actual}; give "replace" or "upsert"`;
  const expected = 'replace or upsert';
  throw new SluiceError('BAD_REQUEST', message, { field: 'documentUpdateMethod', expected, actual });
}
