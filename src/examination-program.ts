import { parentPort, workerData } from 'node:worker_threads';
import { linesEncoding } from './adapters/elasticsearch/rows/lines-encoding.js';
import { geocoderOf, type SharedGeocoder } from './adapters/geocoding/offline-geocoder.js';
import { bsonEncoding } from './adapters/mongodb/rows/bson-encoding.js';
import type { ExamineRequest, Reply, Request, ThreadData } from './adapters/threads/messages.js';
import { CompiledDesign } from './domain/design/compiled-design.js';
import type { PlaceFinder } from './domain/geolocation/place-finder.js';
import { HeldRows } from './domain/load/held-rows.js';
import { encodePayload } from './pipeline/phases/encode-payload.js';

/*
 * The program of a thread that examines pushes.
 */

/** Mismatches are copied from thread to thread at once, and each has texts: of a push with more refused records, this takes too long for a turn of the event loop. */
const FEW_REASONS = 100;

const { store, maxRowBytes } = workerData as ThreadData;
const encoding = { MONGODB: bsonEncoding, ELASTICSEARCH: linesEncoding }[store];
let places: PlaceFinder | null = null;
let compiled: CompiledDesign | null = null;

async function replyTo(request: Request): Promise<Reply> {
  try {
    if (request.kind === 'EXAMINE') return await examine(request);
    places = await geocoderOf(request.shared as SharedGeocoder);
    return { kind: 'READY' };
  } catch (error) {
    return { kind: 'FAILED', error };
  }
}

async function examine({ design, job, payload, task, maxBytes }: ExamineRequest): Promise<Reply> {
  if (design) {
    compiled = null;
    compiled = new CompiledDesign(design, places);
  }
  if (!compiled) throw new TypeError('a request has no design, and there was none before');
  const bounds = { encoding, maxRowBytes, maxBytes, held: new HeldRows(0) };
  const { encoded, others } = await encodePayload(
    { job, payload: Buffer.from(payload.buffer) },
    compiled,
    task,
    bounds,
  );
  const isForHere = others.length === 0 && encoded.refused.reasons.size <= FEW_REASONS;
  return { kind: 'EXAMINED', examined: isForHere ? encoded : null };
}

function send(reply: Reply): void {
  const examined = reply.kind === 'EXAMINED' ? reply.examined : null;
  parentPort?.postMessage(reply, examined ? [examined.records.buffer, examined.rows.buffer, examined.ends.buffer] : []);
}

parentPort?.on('message', (request: Request) => void replyTo(request).then(send));
parentPort?.on('messageerror', (error) => {
  throw error;
});
send({ kind: 'READY' });
