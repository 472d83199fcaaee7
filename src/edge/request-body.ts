import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../domain/errors.js';
import type { MemoryBudget } from '../ports/memory-budget.js';
import type { RateLimits } from '../ports/rate-limits.js';
import { GrowingBuffer } from './growing-buffer.js';
import { Reservation } from './reservation.js';

/** The whole body of a request, decompressed. */
export interface RequestBody {
  readonly bytes: Buffer;
  /** The content type in lower case, without parameters; `application/json` for every `+json`; empty if none was sent. */
  readonly mediaType: string;
  /** Reserves memory for what the body becomes, beyond its bytes. Throws BACK_PRESSURE if there is not enough. */
  readonly reserve: (bytes: number) => void;
  /** Releases the memory before the response is sent. Call it once the body is durable, before waiting for its job. */
  readonly release: () => void;
}

export interface BodyLimits {
  readonly maxPayloadBytes: number;
  readonly memory: MemoryBudget;
  readonly rates: RateLimits;
}

const RETRY_AFTER_SECONDS = 1;

/** How many bytes of a body have been read so far, or have come out of its decompression if that is more. */
interface Used {
  bytes: number;
}

type Decompression = () => Transform;

const DECOMPRESSIONS = new Map<string, Decompression>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * Reads a body of at most `maxBytes`, counted after decompression, which stops there. It reserves memory for the declared length, and more as the body grows
 * beyond that. The memory is released when the response is sent or the client is gone. Throws PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for an unknown
 * Content-Encoding, BAD_REQUEST if the compressed data is broken or the client is gone, and BACK_PRESSURE when the process holds as many bytes as it may.
 */
export async function readBody(
  { raw: request, caller }: FastifyRequest,
  reply: FastifyReply,
  limits: BodyLimits,
): Promise<RequestBody> {
  const { maxPayloadBytes: maxBytes, memory, rates } = limits;
  const decompression = decompressionOf(request);
  // It may have left while its key was checked: then nothing would release the memory.
  if (reply.raw.destroyed) throw clientIsGone();
  const reservation = new Reservation(memory);
  const release = () => reservation.end();
  reply.raw.once('close', release);
  const declared = Number(request.headers['content-length'] ?? 0);
  if (!reservation.growTo(Math.min(declared, maxBytes))) throw backPressure();
  const used: Used = { bytes: 0 };
  try {
    const sent = await readBytes(request, maxBytes, reservation, used);
    const bytes = decompression ? await decompressed(sent, decompression(), maxBytes, reservation, used) : sent;
    const reserve = (more: number) => {
      if (!reservation.growTo(bytes.length + more)) throw backPressure();
    };
    return { bytes, mediaType: mediaTypeOf(request), reserve, release };
  } finally {
    // Also for a body that is refused: it has cost as much.
    if (caller) await rates.addBytes(caller, used.bytes);
  }
}

function mediaTypeOf({ headers }: IncomingMessage): string {
  const sent = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return /^application\/[^/\s]+\+json$/.test(sent) ? 'application/json' : sent;
}

function decompressionOf({ headers }: IncomingMessage): Decompression | null {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return null;
  const decompression = DECOMPRESSIONS.get(encoding);
  if (decompression) return decompression;
  const message = `Content-Encoding ${JSON.stringify(encoding)} is not supported; send gzip, deflate, br or nothing`;
  throw new SluiceError('UNSUPPORTED_MEDIA_TYPE', message, { expected: 'gzip, deflate or br', actual: encoding });
}

/** Reads and drops a refused body, up to a limit: a client that is still sending would not get the response. */
async function readBytes(
  request: IncomingMessage,
  maxBytes: number,
  reservation: Reservation,
  used: Used,
): Promise<Buffer> {
  const received = new GrowingBuffer(Math.min(maxBytes, Number(request.headers['content-length'] ?? 0)));
  let length = 0;
  let refusal: SluiceError | null = null;
  const chunks = chunksOf(request);
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      used.bytes = length;
      if (length > maxBytes) refusal = tooLarge(maxBytes);
      else if (refusal === null && !reservation.growTo(received.sizeFor(length))) refusal = backPressure();
      if (refusal === null) received.append(chunk);
      else {
        received.clear();
        reservation.end();
      }
      if (length > 8 * maxBytes) break;
    }
  } catch (error) {
    if (!request.aborted) throw error;
    throw clientIsGone(error);
  }
  if (refusal) throw refusal;
  return received.bytes;
}

/** The chunks of a body. A small one has usually arrived with its headers; an iterator of the stream would then cost more than the rest of the reading. */
function chunksOf(request: IncomingMessage): AsyncIterable<Buffer> | readonly Buffer[] {
  const { readableLength: arrived } = request;
  if (arrived === 0 || arrived !== Number(request.headers['content-length'])) return request;
  const whole: unknown = request.read(arrived);
  if (!Buffer.isBuffer(whole)) throw new Error(`a body of ${arrived} bytes that had arrived could not be read at once`);
  // Otherwise the stream never ends, and node takes the request for aborted if its client leaves later.
  request.resume();
  return [whole];
}

async function decompressed(
  sent: Buffer,
  decompression: Transform,
  maxBytes: number,
  reservation: Reservation,
  used: Used,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    decompression.end(sent);
    for await (const chunk of decompression as AsyncIterable<Buffer>) {
      length += chunk.length;
      used.bytes = Math.max(used.bytes, length);
      if (length > maxBytes) throw tooLarge(maxBytes);
      if (!reservation.growTo(sent.length + length)) throw backPressure();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SluiceError('BAD_REQUEST', `the body cannot be decompressed: ${reason}`, {}, { cause: error });
  }
  return Buffer.concat(chunks);
}

/** The error if the process holds as many bytes as it may. */
export function backPressure(): SluiceError {
  const message = 'the service is handling as many payloads as its memory allows; try again shortly';
  return new SluiceError('BACK_PRESSURE', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** Nobody is left to get this, but its code says that it is not a defect. */
export function clientIsGone(cause?: unknown): SluiceError {
  return new SluiceError('BAD_REQUEST', 'the client is gone', {}, { cause });
}

function tooLarge(maxBytes: number): SluiceError {
  const message = `the body has more than ${maxBytes} bytes after decompression; send less at a time, 1 MB is best`;
  return new SluiceError('PAYLOAD_TOO_LARGE', message, { expected: `at most ${maxBytes} bytes` });
}

/** Throws UNSUPPORTED_MEDIA_TYPE unless the body is one of these. */
export function requireMediaType({ mediaType }: RequestBody, accepted: readonly string[]): void {
  if (accepted.includes(mediaType)) return;
  const actual = mediaType === '' ? 'no Content-Type' : `Content-Type ${mediaType}`;
  const message = `${actual} was sent; add the header 'Content-Type: application/json'`;
  const expected = accepted.join(', ');
  throw new SluiceError('UNSUPPORTED_MEDIA_TYPE', message, { expected, actual: mediaType });
}
