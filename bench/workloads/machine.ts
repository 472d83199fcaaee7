import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { HttpClient } from '../http-client.js';
import { inFlight, rate } from '../measure.js';
import { rawBulk } from '../raw-bulk.js';
import { bodyOf, RECORD_MAPPING, RECORDS_IN_1_MB, recordOf, recordsFrom } from '../records.js';
import { alternate } from '../rounds.js';
import type { Workload } from '../workload.js';

const CLIENTS = 100;
const POLL_MS = 10;

/** What the machine allows: the two main loads on the least that is still durable (`bench/least-durable.ts`) instead of Sluice. */
export const machine: Workload = {
  name: 'machine',
  stores: ['mongodb'],
  quick: false,
  async run(bench) {
    const [payloads, singles] = [bench.size(16, 100), bench.size(2_000, 20_000)];
    const program = ['--import', '@swc-node/register/esm-register', 'bench/least-durable.ts'];
    const env = { ...process.env, MONGODB_URL: bench.mongodb.url };
    const child = spawn(process.execPath, program, {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      signal: bench.stopping,
    });
    // It is ended by `stopping`, which also is an error of the child.
    child.on('error', (error) => bench.note(`the program ended: ${error.message}`));
    try {
      const http = new HttpClient(await urlOf(child), { 'content-type': 'application/json' });
      let pushed = 0;
      const push = (count: number, body: (n: number) => Buffer, records: number) => {
        pushed += count * records;
        return inFlight(count, CLIENTS, async (n) => http.send('POST', '/', body(n)));
      };
      const untilStored = async () => {
        while (Number((await http.send('GET', '/')).text) < pushed) await setTimeout(POLL_MS);
      };
      const records = recordsFrom(0, RECORDS_IN_1_MB);
      const body = bodyOf(records);
      const all = Array.from({ length: payloads }, () => records).flat();
      await push(2, () => body, RECORDS_IN_1_MB);
      const bulk = await alternate(bench, 'machine-bulk', 'records/s', {
        raw: () => rawBulk(bench, all, RECORD_MAPPING),
        own: () => rate(all.length, () => push(payloads, () => body, RECORDS_IN_1_MB).then(untilStored)),
      });
      const acknowledged = await alternate(bench, 'machine-singles', 'pushes/s', {
        raw: async () => {
          const rows = await bench.mongodb.collection();
          return rate(singles, () => inFlight(singles, CLIENTS, (n) => rows.insertOne(recordOf(n))));
        },
        own: async () => {
          const perSecond = await rate(singles, () => push(singles, (n) => bodyOf(recordOf(n)), 1));
          await untilStored();
          return perSecond;
        },
      });
      http.close();
      return [bulk, acknowledged];
    } finally {
      child.kill();
    }
  },
};

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the program has no output');
  const [line] = await once(stdout, 'data');
  const url = /ready at (\S+)/.exec(String(line))?.[1];
  if (url === undefined) throw new Error(`the program said: ${line}`);
  return url;
}
