import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

/**
 * What goes wrong with bulk requests: REJECTING returns 429, OVERLOADED 503; SLOW responds after ten seconds, SILENT never; HALF writes the first half of a bulk's items and
 * returns 429 for the others; REFUSING writes all items except those whose line contains "refuse me", which it rejects like documents that do not fit the mapping.
 */
export type Trouble = 'NONE' | 'REJECTING' | 'OVERLOADED' | 'SLOW' | 'SILENT' | 'HALF' | 'REFUSING';

export interface TroubledProxy {
  readonly url: string;
  trouble: Trouble;
  /** Bulk requests that met the trouble there is. */
  met: number;
  /** Ends the requests that never got a response. */
  release(): void;
  close(): Promise<void>;
}

interface BulkItem {
  readonly lines: string;
  readonly id: string;
}

/** A proxy between a service and an Elasticsearch, which can cause trouble. */
export async function troubledProxy(target: string): Promise<TroubledProxy> {
  const silenced: ServerResponse[] = [];
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: TroubledProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trouble: 'NONE',
    met: 0,
    release() {
      for (const response of silenced.splice(0)) response.destroy();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { trouble } = proxy;
    if (trouble === 'NONE' || !request.url?.includes('_bulk')) return pass(request, body, response);
    proxy.met += 1;
    if (trouble === 'REJECTING') return refuse(response, 429, 'es_rejected_execution_exception');
    if (trouble === 'OVERLOADED') return refuse(response, 503, 'process_cluster_event_timeout_exception');
    if (trouble === 'SILENT') return void silenced.push(response);
    if (trouble === 'SLOW') {
      await setTimeout(SLOW_MS);
      return pass(request, body, response);
    }
    const items = itemsOf(body.toString());
    const isTaken = (item: BulkItem, index: number) =>
      trouble === 'HALF' ? index < items.length / 2 : !item.lines.includes('refuse me');
    await passSome(request, items, isTaken, response, trouble === 'HALF' ? REJECTED : NOT_FITTING);
  }

  async function pass(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const { status, headers, text } = await send(target, request, body);
    response.writeHead(status, headers).end(text);
  }

  async function passSome(
    request: IncomingMessage,
    items: readonly BulkItem[],
    isTaken: (item: BulkItem, index: number) => boolean,
    response: ServerResponse,
    failure: object,
  ): Promise<void> {
    const taken = items.filter(isTaken);
    const body = Buffer.from(taken.map(({ lines }) => lines).join(''));
    const answered = taken.length === 0 ? EMPTY : await send(target, request, body);
    const results = (JSON.parse(answered.text) as { items: object[] }).items.values();
    const _index = `${request.url?.split('/')[1]}-index`;
    const all = items.map((item, index) =>
      isTaken(item, index) ? results.next().value : { index: { _index, _id: item.id, ...failure } },
    );
    response.writeHead(200, JSON_HEADERS).end(JSON.stringify({ took: 1, errors: true, items: all }));
  }

  return proxy;
}

const SLOW_MS = 10_000;
const JSON_HEADERS = {
  'content-type': 'application/vnd.elasticsearch+json;compatible-with=8',
  'x-elastic-product': 'Elasticsearch',
};
const EMPTY = { status: 200, headers: {}, text: '{"items":[]}' };
const REJECTED = { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'the queue is full' } };
const NOT_FITTING = { status: 400, error: { type: 'document_parsing_exception', reason: 'a field cannot be parsed' } };

function refuse(response: ServerResponse, status: number, type: string): void {
  response.writeHead(status, JSON_HEADERS).end(JSON.stringify({ error: { type, reason: 'made to fail' }, status }));
}

/** Every item of ours is an action and a document. */
function itemsOf(body: string): BulkItem[] {
  const lines = body.split('\n').filter((line) => line !== '');
  return Array.from({ length: lines.length / 2 }, (_, index) => {
    const [action = '', document = ''] = lines.slice(2 * index, 2 * index + 2);
    const { index: written, delete: deleted } = JSON.parse(action) as Record<string, { _id: string } | undefined>;
    return { lines: `${action}\n${document}\n`, id: (written ?? deleted)?._id ?? '' };
  });
}

async function send(target: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const { 'content-length': _length, host: _host, ...passed } = headers;
  const sent = forward(new URL(url ?? '/', target), { method, headers: { ...passed, 'content-length': body.length } });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const { 'transfer-encoding': _chunked, ...received } = answer.headers;
  return { status: answer.statusCode ?? 500, headers: received, text: (await buffer(answer)).toString() };
}
