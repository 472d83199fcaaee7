import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Binary, MongoClient } from 'mongodb';
import type { recordOf } from './records.js';

/*
 * The least that is still durable, to run beside Sluice: bodies over HTTP into a log, by group append with majority; then parse, check, make documents, and insert them with majority. No lanes, no
 * statuses, no commit point, no identifiers: a yardstick of what the machine allows, not a design. `POST /` takes bodies of the benchmark's records, and `GET /` says how many records are stored.
 */
type Item = ReturnType<typeof recordOf>;
interface Push {
  readonly position: number;
  readonly body: Buffer;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const DOCUMENTS_IN_A_CALL = 4_000;
const LOADS = 2;
const PUSHES_IN_AN_APPEND = 500;
const BYTES_IN_AN_APPEND = 24_000_000;
const ACCEPTED = '{"jobId":"-"}';

const client = await new MongoClient(process.env.MONGODB_URL ?? '').connect();
const majority = { writeConcern: { w: 'majority' } } as const;
const log = client.db('least').collection<{ _id: number; body: Binary }>('log', majority);
const rows = client.db('least').collection<{ _id: string }>('rows', majority);
const savedAt = new Date();

let [stored, loads, position, isAppending] = [0, 0, 0, false];
const accepted: Push[] = [];
const waiting: (Push & { response: ServerResponse })[] = [];

function documentOf(r: Item, id: string) {
  const d = r.dims;
  const fits =
    Object.keys(r).length === 10 &&
    [r.rid, r.title, r.category, r.note, d.unit].every((value) => typeof value === 'string') &&
    [r.qty, r.price, d.w, d.h].every((value) => typeof value === 'number') &&
    typeof r.active === 'boolean' &&
    INSTANT.test(r.createdAt) &&
    Array.isArray(r.scores);
  if (!fits) throw new Error('a record does not fit');
  const [texts, numbers] = [
    { c1: r.rid, c2: r.title, c3: r.category, c12: r.note },
    { c4: r.qty, c5: r.price },
  ];
  const others = { c6: r.active, c7: new Date(r.createdAt), c8: r.scores, c9: d.w, c10: d.h, c11: d.unit };
  return { _id: id, r: id, o: 0, n: 1, v: 1, s: savedAt, ...texts, ...numbers, ...others };
}

async function load({ body, position: of }: Push): Promise<void> {
  const parsed = JSON.parse(body.toString('utf8')) as Item | Item[];
  const records = Array.isArray(parsed) ? parsed : [parsed];
  const writes: Promise<unknown>[] = [];
  for (let start = 0; start < records.length; start += DOCUMENTS_IN_A_CALL) {
    const part = records.slice(start, start + DOCUMENTS_IN_A_CALL);
    const documents = part.map((record, index) => documentOf(record, `${of}-${start + index}`));
    writes.push(rows.insertMany(documents, { ordered: false }));
  }
  await Promise.all(writes);
  stored += records.length;
}

function loadNext(): void {
  while (loads < LOADS) {
    const push = accepted.shift();
    if (!push) return;
    loads += 1;
    void load(push).then(() => {
      loads -= 1;
      loadNext();
    });
  }
}

async function append(): Promise<void> {
  if (isAppending) return;
  isAppending = true;
  while (waiting.length > 0) {
    let [count, bytes] = [0, 0];
    for (const { body } of waiting) {
      bytes += body.length;
      if (count > 0 && (count >= PUSHES_IN_AN_APPEND || bytes > BYTES_IN_AN_APPEND)) break;
      count += 1;
    }
    const batch = waiting.splice(0, count);
    await log.insertMany(batch.map((push) => ({ _id: push.position, body: new Binary(push.body) })));
    for (const { response, ...push } of batch) {
      response.writeHead(202, { 'content-length': ACCEPTED.length }).end(ACCEPTED);
      accepted.push(push);
    }
    loadNext();
  }
  isAppending = false;
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') return void response.end(String(stored));
  const body = await buffer(request);
  position += 1;
  waiting.push({ body, response, position });
  await append();
}

const server = createServer((request, response) => void receive(request, response));
server.listen(0, '127.0.0.1', () => {
  console.log(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
