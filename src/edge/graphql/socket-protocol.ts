import type { IncomingMessage } from 'node:http';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { CloseCode, type ServerOptions, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { SluiceError } from '../../domain/errors.js';
import type { Caller } from '../../domain/security/caller.js';
import type { MemoryBudget } from '../../ports/memory-budget.js';
import type { RateLimits } from '../../ports/rate-limits.js';
import { errorReporter } from '../../telemetry/error-reporter.js';
import type { NoteRefusals } from '../../usecases/refusal-counter.js';
import type { UseCases } from '../../usecases/use-cases.js';
import { keysIn, keysOf } from '../api-key-header.js';
import type { ClientAddress } from '../client-address.js';
import { refuseExceeded } from '../rate-headers.js';
import { requestIdOf } from '../request-id.js';
import { type ErrorContext, type FailedRequest, refuseOutage } from '../to-sluice-error.js';
import { AnswerRoom, type RoomsOfAnswers } from './answer-room.js';
import { boundedErrors } from './bounded-errors.js';
import { contextFor } from './context.js';
import { CredentialWatch } from './credential-watch.js';
import { causeOf, formatGraphqlError } from './format-error.js';
import type { MessagesInPassing } from './message-json.js';
import { OpenOperations } from './open-operations.js';
import { refuseCostlyOperation } from './query-cost.js';
import { refuseCostlyQuery } from './query-limits.js';
import { closeReason } from './socket-transport.js';

/** A message up to this size reserves no memory. A larger one is no subscription. */
export const SMALL_BYTES = 64 * 1024;
/** How long a client may take to send connection_init. */
const INIT_MS = 3_000;
/** A close code of the websocket protocol; graphql-transport-ws has none for this. */
export const TRY_AGAIN_LATER = 1013;
export const MAY_SUCCEED_LATER: readonly unknown[] = [
  'BACK_PRESSURE',
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
  'DISK_FULL',
];

/** Clients with fresh credentials for each connection come back by themselves after this code. */
const CREDENTIAL_ENDED = 'UNAUTHENTICATED: the credential was revoked or has expired; connect again with a valid one';

export interface ProtocolOptions extends ErrorContext {
  readonly schema: GraphQLSchema;
  readonly useCases: UseCases;
  readonly rates: RateLimits;
  readonly addressOf: ClientAddress;
  readonly noteRefusals: NoteRefusals;
  readonly messages: MessagesInPassing;
  /** For what is answered and not sent yet. */
  readonly answerMemory: MemoryBudget;
  /** Whether clients may read the schema; by default they may. */
  readonly introspection?: boolean | undefined;
}

/** A websocket, and who has opened it. */
export interface Extra {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  /** What releases the memory that large messages have reserved, by their payloads. */
  readonly held: WeakMap<object, () => void>;
  /** The memory for the answers of running operations, by the payloads of their messages. */
  readonly rooms: Map<object, AnswerRoom>;
  /** The same memory, by the answers that are sent. */
  readonly answers: RoomsOfAnswers;
  caller?: Caller;
  /** Ends the watch on the credential of the caller. */
  unwatch?: () => void;
}

/** What the service does at each step of the graphql-transport-ws protocol. */
export function protocolOptions(options: ProtocolOptions): ServerOptions<Record<string, unknown>, Extra> {
  const { useCases, storage, rates, addressOf, noteRefusals, logger, messages, answerMemory } = options;
  const open = new OpenOperations();
  const reportError = errorReporter(logger, storage, () => storage.outage() !== null);
  const credentials = new CredentialWatch({ stillValid: (callers) => useCases.stillValid(callers), reportError });
  const failed = ({ request }: Extra): FailedRequest => ({ logger, storage, requestId: requestIdOf(request) });
  const sent = (extra: Extra, errors: readonly GraphQLError[]) => {
    noteRefusals(errors.map(causeOf), extra.caller ?? null, addressOf(extra.request));
    return boundedErrors(errors, (error) => formatGraphqlError(error, failed(extra)));
  };
  return {
    connectionInitWaitTimeout: INIT_MS,
    jsonMessageReviver: messages.revive,
    jsonMessageReplacer: messages.replace,

    async onConnect(context) {
      const { connectionParams, extra } = context;
      try {
        refuseOutage(storage);
        const keys = [...keysOf(extra.request), ...keysIn(connectionParams)];
        const caller = await useCases.authenticate(keys, addressOf(extra.request));
        if (extra.socket.readyState !== extra.socket.OPEN) return false;
        open.add(caller.id, context);
        extra.caller = caller;
        extra.unwatch = credentials.add(caller, () => extra.socket.close(CloseCode.Forbidden, CREDENTIAL_ENDED));
        return true;
      } catch (error) {
        noteRefusals([error], null, addressOf(extra.request));
        const { code, message } = formatted(error, failed(extra));
        const closeCode = MAY_SUCCEED_LATER.includes(code) ? TRY_AGAIN_LATER : CloseCode.Forbidden;
        extra.socket.close(closeCode, closeReason(`${code}: ${message}`));
        return false;
      }
    },

    onClose(context) {
      const { caller, rooms } = context.extra;
      for (const room of rooms.values()) room.end();
      if (caller) open.remove(caller.id, context);
    },

    /** Returns every fault of an operation as an error of that operation: a throw here would close the socket. */
    async onSubscribe(context, _id, payload) {
      const { caller, request, socket, held, rooms } = context.extra;
      try {
        if (!caller) throw new TypeError('a connection without a caller was acknowledged');
        refuseOutage(storage);
        open.refuseTooMany(caller.id, context);
        refuseExceeded(await rates.admit(caller));
        const room = new AnswerRoom(answerMemory);
        rooms.set(payload, room);
        // The client may have left meanwhile.
        if (socket.readyState !== socket.OPEN) room.end();
        const execution = { caller, requestId: requestIdOf(request), release: held.get(payload), room };
        return executionOf(payload, { ...options, ...execution });
      } catch (error) {
        return [asGraphqlError(error)];
      }
    },

    /** A subscription that could not start has no result, only errors. */
    onOperation(_context, _id, _payload, _args, result) {
      if ('errors' in result && result.errors && result.data === undefined) return failing(result.errors);
      return undefined;
    },

    onError({ extra }, _id, payload, errors) {
      endRoom(extra, payload);
      return sent(extra, errors);
    },
    onComplete: ({ extra }, _id, payload) => endRoom(extra, payload),
    onNext({ extra }, _id, payload, _args, { errors, ...result }) {
      const room = extra.rooms.get(payload);
      if (room) extra.answers.put(result, room);
      return errors ? { ...result, errors: sent(extra, errors) } : undefined;
    },
  };
}

/** The answer of an operation is sent. */
function endRoom({ rooms }: Extra, payload: object): void {
  rooms.get(payload)?.end();
  rooms.delete(payload);
}

function formatted(error: unknown, context: FailedRequest): { code: unknown; message: string } {
  const { message, extensions } = formatGraphqlError(error, context);
  return { code: extensions?.code, message };
}

function asGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

const RULES_WITHOUT_INTROSPECTION = [...specifiedRules, NoSchemaIntrospectionCustomRule];

interface Requested extends Pick<ProtocolOptions, 'schema' | 'useCases' | 'introspection'> {
  readonly caller: Caller;
  readonly requestId: string;
  /** Releases the memory that the message has reserved; undefined for a small one. */
  readonly release: (() => void) | undefined;
  readonly room: AnswerRoom;
}

/** What the service runs for an operation of a caller, or the faults of its query. Throws BAD_REQUEST if it costs too much. */
function executionOf(
  { query, variables, operationName }: SubscribePayload,
  { schema, useCases, introspection = true, caller, requestId, release, room }: Requested,
): ExecutionArgs | readonly GraphQLError[] {
  refuseCostlyQuery(query);
  const document = parse(query);
  const rules = introspection ? specifiedRules : RULES_WITHOUT_INTROSPECTION;
  const faults = validate(schema, document, rules, { hideSuggestions: !introspection });
  if (faults.length > 0) return faults;
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    return [new GraphQLError('the query has no such operation; if it has several, name one with operationName')];
  }
  if (operation.operation === 'subscription' && release) throw largeSubscription();
  refuseCostlyOperation(schema, document, operation, variables ?? {});
  const contextValue = contextFor({
    caller,
    confirmation: null,
    useCases,
    requestId,
    releaseBody: () => release?.(),
    room,
  });
  return { schema, document, contextValue, variableValues: variables, operationName };
}

/** Its message would stay in memory as long as it runs. */
function largeSubscription(): SluiceError {
  const message = `the message of a subscription may have at most ${SMALL_BYTES} bytes; leave out what it does not need`;
  return new SluiceError('BAD_REQUEST', message, { expected: `at most ${SMALL_BYTES} bytes` });
}

/** Makes the protocol send an error message instead of a result. */
async function* failing(errors: readonly GraphQLError[]): AsyncGenerator<never> {
  yield await Promise.reject(errors[0]?.originalError ?? errors[0]);
}
