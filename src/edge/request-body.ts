import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../domain/errors.js';
import type { MemoryBudget } from '../ports/memory-budget.js';

/** A request's body as it was meant: whole and decompressed. */
export interface RequestBody {
  readonly bytes: Buffer;
  /** Of the content type, in lower case, without parameters; `application/json` for every `+json`; empty when none was sent. */
  readonly mediaType: string;
}

export interface BodyLimits {
  readonly maxPayloadBytes: number;
  readonly memory: MemoryBudget;
}

const RETRY_AFTER_SECONDS = 1;

type Decompress = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECOMPRESSIONS = new Map<string, Decompress>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * Reads a body of at most `maxBytes`, counted after decompression, which stops there. Throws PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for an unknown
 * Content-Encoding, BAD_REQUEST for compressed data that is broken, BACK_PRESSURE when the process holds as many bytes as it may.
 */
export async function readBody(
  { raw: request }: FastifyRequest,
  reply: FastifyReply,
  limits: BodyLimits,
): Promise<RequestBody> {
  const { maxPayloadBytes: maxBytes, memory } = limits;
  const decompress = decompressionOf(request);
  const length = decompress ? maxBytes : Number(request.headers['content-length'] ?? maxBytes);
  reserve(memory, Math.min(length, maxBytes), reply);
  const sent = await readBytes(request, maxBytes);
  return {
    bytes: decompress ? await decompressed(sent, decompress, maxBytes) : sent,
    mediaType: mediaTypeOf(request),
  };
}

function mediaTypeOf({ headers }: IncomingMessage): string {
  const sent = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return /^application\/[^/\s]+\+json$/.test(sent) ? 'application/json' : sent;
}

function decompressionOf({ headers }: IncomingMessage): Decompress | null {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return null;
  const decompress = DECOMPRESSIONS.get(encoding);
  if (decompress) return decompress;
  const message = `Content-Encoding ${JSON.stringify(encoding)} is not supported; send gzip, deflate, br or nothing`;
  throw new SluiceError('UNSUPPORTED_MEDIA_TYPE', message, { expected: 'gzip, deflate or br', actual: encoding });
}

/** Until the request is answered, or its client is gone. */
function reserve(memory: MemoryBudget, bytes: number, reply: FastifyReply): void {
  const release = memory.tryReserve(bytes);
  if (!release) {
    const message = 'the service has as many payloads in work as its memory allows; try again shortly';
    throw new SluiceError('BACK_PRESSURE', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  reply.raw.once('close', release);
}

/** What comes beyond the limit is read and dropped, up to a point: a client that is still sending would not hear the answer. */
async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (length > 8 * maxBytes) break;
    }
  } catch (error) {
    // Nobody is left to hear the answer, but it was no fault of ours.
    throw new SluiceError('BAD_REQUEST', 'the body ended before it was whole', {}, { cause: error });
  }
  if (length > maxBytes) throw tooLarge(maxBytes);
  return Buffer.concat(chunks);
}

async function decompressed(bytes: Buffer, decompress: Decompress, maxBytes: number): Promise<Buffer> {
  try {
    return await decompress(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    const reason = error instanceof Error ? error.message : String(error);
    throw new SluiceError('BAD_REQUEST', `the body cannot be decompressed: ${reason}`, {}, { cause: error });
  }
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
