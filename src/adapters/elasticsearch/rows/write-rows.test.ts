import { type Client, errors, type TransportRequestOptions, type TransportRequestParams } from '@elastic/elasticsearch';
import { describe, expect, it } from '@jest/globals';
import { RepliesTogether } from '../../../../test/support/replies-together.js';
import type { RowWrite } from '../../../ports/row-writes.js';
import { writeRows } from './write-rows.js';

const MAX_ROWS = 2_000;
const MAX_BYTES = 2 * 1024 * 1024;

const INDEX = 'sluice_rows_x_1-index';

type Verdict = 'STORED' | 'STALE' | 'RETRY' | 'REJECTED' | 'GONE';

const RESULTS = {
  STORED: { status: 201, result: 'created' },
  STALE: { status: 409, error: { type: 'version_conflict_engine_exception', reason: 'newer' } },
  RETRY: { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'the queue is full' } },
  REJECTED: { status: 400, error: { type: 'document_parsing_exception', reason: 'does not fit' } },
  GONE: { status: 404, error: { type: 'index_not_found_exception', reason: 'no such index [sluice_rows_x_1]' } },
} as const satisfies Record<Verdict, object>;

interface Sent {
  readonly request: TransportRequestParams;
  readonly options: TransportRequestOptions | undefined;
  readonly ids: readonly string[];
}

/** Returns how each item of the n-th bulk ends; throws if the whole bulk fails. */
type Script = (ids: readonly string[], bulk: number) => readonly Verdict[] | Promise<readonly Verdict[]>;

/** A client that records its requests, and responds to bulks by the script. */
class ScriptedClient {
  readonly sent: Sent[] = [];
  underWay = 0;
  mostUnderWay = 0;

  constructor(private readonly script: Script) {}

  get ids(): (readonly string[])[] {
    return this.sent.map(({ ids }) => ids);
  }

  readonly transport = {
    request: (request: TransportRequestParams, options?: TransportRequestOptions) => this.#bulk(request, options),
  };

  async #bulk(request: TransportRequestParams, options?: TransportRequestOptions) {
    const ids = linesOf(request).flatMap((line) => JSON.parse(line).index?._id ?? []);
    const number = this.sent.push({ request, options, ids });
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      const verdicts = await this.script(ids, number);
      return {
        items: verdicts.map((verdict, index) => ({
          index: { _id: ids[index], _index: INDEX, ...RESULTS[verdict] },
        })),
      };
    } finally {
      this.underWay -= 1;
    }
  }

  write(writes: readonly RowWrite[], stillOwned: () => void = () => undefined) {
    const client = this as unknown as Client;
    const checked = { name: INDEX, shards: 1, copies: 1, forFilters: [] };
    const index = { client, alias: 'sluice_rows_x_1', ...checked, documents: { few: null, maxSmallIndex: 0 } };
    return writeRows({ index, stillOwned }, writes);
  }
}

/** As they go over the wire, in NDJSON. */
function linesOf({ bulkBody }: TransportRequestParams): string[] {
  return String(bulkBody).trimEnd().split('\n');
}

function row(id: string, text = '', version = 1): RowWrite {
  return { id, recordId: id, ordinal: 0, rowCount: 1, version, savedAt: new Date(0), values: { c1: text } };
}

const many = (count: number, text = '') => Array.from({ length: count }, (_, n) => row(`r${n}`, text));
const all = (ids: readonly string[], verdict: Verdict = 'STORED') => ids.map(() => verdict);

describe('writing rows in bulks', () => {
  it('sends only unaccepted rows again, and returns the rows that were refused at any attempt', async () => {
    const script: Verdict[][] = [
      ['STORED', 'RETRY', 'REJECTED', 'STALE', 'RETRY', 'RETRY'],
      ['RETRY', 'REJECTED', 'STORED'],
      ['STORED'],
    ];
    const client = new ScriptedClient((_, bulk) => script[bulk - 1] ?? []);
    const rejected = await client.write(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => row(id)));
    expect(client.ids).toEqual([['a', 'b', 'c', 'd', 'e', 'f'], ['b', 'e', 'f'], ['b']]);
    expect(rejected).toEqual([
      { id: 'c', reason: expect.stringContaining('does not fit') },
      { id: 'e', reason: expect.stringContaining('does not fit') },
    ]);
  });

  it('names the alias, requires it, and gives every row its version, in the order of the rows', async () => {
    const client = new ScriptedClient((ids, bulk) => all(ids, bulk === 1 ? 'RETRY' : 'STORED'));
    await client.write([row('b', 'first', 7), row('a', 'second', 3), row('b', 'third', 9)]);
    const action = (id: string, version: number) => ({ index: { _id: id, version, version_type: 'external' } });
    expect(client.sent).toHaveLength(2);
    for (const { request, options } of client.sent) {
      expect(request).toMatchObject({ path: '/sluice_rows_x_1/_bulk', querystring: { require_alias: true } });
      expect(options).toMatchObject({ maxRetries: 0 });
      expect(linesOf(request).map((line) => JSON.parse(line))).toMatchObject([
        action('b', 7),
        { i: 'b', c1: 'first' },
        action('a', 3),
        { i: 'a', c1: 'second' },
        action('b', 9),
        { i: 'b', c1: 'third' },
      ]);
    }
  });

  it('checks before each request, also before a repeated one, whether the lane is still owned', async () => {
    const lost = new Error('lost');
    for (const allowed of [0, 1, 2]) {
      const client = new ScriptedClient((ids) => all(ids, 'RETRY'));
      let asked = 0;
      const stillOwned = () => {
        asked += 1;
        if (asked > allowed) throw lost;
      };
      await expect(client.write([row('a')], stillOwned)).rejects.toBe(lost);
      expect([client.sent.length, asked]).toEqual([allowed, allowed + 1]);
    }
  });

  it('sends nothing more once the lane is lost', async () => {
    const lost = new Error('lost');
    const client = new ScriptedClient((ids) => all(ids));
    const stillOwned = () => {
      if (client.sent.length === 2) throw lost;
    };
    await expect(client.write(many(6 * MAX_ROWS), stillOwned)).rejects.toBe(lost);
    expect([client.sent.length, client.underWay]).toEqual([2, 0]);
  });

  it('throws the error of a failed request once no other request is running, and starts no other', async () => {
    let end = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      end = resolve;
    });
    let secondIsSent = (): void => undefined;
    const sentBoth = new Promise<void>((resolve) => {
      secondIsSent = resolve;
    });
    const client = new ScriptedClient(async (ids, bulk) => {
      if (bulk === 1) {
        await sentBoth;
        throw new errors.ConnectionError('the connection is gone');
      }
      secondIsSent();
      await slow;
      return all(ids);
    });
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    const writing = client.write(many(6 * MAX_ROWS));
    writing.then(settled, settled);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect([client.underWay, isSettled]).toEqual([1, false]);
    end();
    await expect(writing).rejects.toMatchObject({ name: 'RecordStoreError', code: 'UNAVAILABLE' });
    expect([client.underWay, client.sent.length]).toEqual([0, 2]);
  });

  it('gives up on rows that are never accepted, with the reason and a retriable error', async () => {
    const client = new ScriptedClient((ids) => ids.map((id) => (id === 'a' ? 'RETRY' : 'STORED')));
    const waited = { name: 'RecordStoreError', code: 'UNAVAILABLE', message: expect.stringContaining('queue is full') };
    await expect(client.write([row('a'), row('b')])).rejects.toMatchObject(waited);
    expect(client.ids.slice(0, 2)).toEqual([['a', 'b'], ['a']]);
    expect(client.ids.length).toBeLessThan(10);
  });

  it('repeats nothing if the generation is missing', async () => {
    const client = new ScriptedClient(() => ['RETRY', 'GONE']);
    await expect(client.write([row('a'), row('b')])).rejects.toMatchObject({ code: 'GENERATION_MISSING' });
    expect(client.ids).toEqual([['a', 'b']]);
  });

  it('does not count a response that lacks items as success', async () => {
    const client = new ScriptedClient(() => ['STORED']);
    await expect(client.write([row('a'), row('b')])).rejects.toThrow('a bulk of 2 items got 1 results');
  });

  it.each([
    ['rows', many(5 * MAX_ROWS + 1), 6],
    ['bytes', many(41, 'x'.repeat(MAX_BYTES / 8)), 6],
  ])('limits each bulk by %s, sends four at a time, and sends every row once', async (_name, rows, atLeast) => {
    const client = new ScriptedClient(async (ids) => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      return all(ids);
    });
    expect(await client.write(rows)).toEqual([]);
    for (const { request, ids } of client.sent) {
      expect(ids.length).toBeLessThanOrEqual(MAX_ROWS);
      expect(Buffer.byteLength(linesOf(request).join('\n'))).toBeLessThanOrEqual(MAX_BYTES);
    }
    expect(client.ids.flat()).toEqual(rows.map(({ id }) => id));
    expect(client.sent.length).toBeGreaterThanOrEqual(atLeast);
    expect(client.mostUnderWay).toBe(4);
  });

  it('makes one bulk in a turn of the event loop, also when the responses to several arrive together', async () => {
    const together = new RepliesTogether(4);
    const client = new ScriptedClient(async (ids) => {
      await together.reply();
      return all(ids);
    });
    const writing = async () => expect(await client.write(many(12 * MAX_ROWS))).toEqual([]);
    expect(await together.mostInOneRound(writing)).toBe(1);
    expect(client.sent).toHaveLength(12);
  });

  it('sends a row that is larger than a bulk alone', async () => {
    const client = new ScriptedClient((ids) => all(ids));
    await client.write([row('a'), row('b', 'x'.repeat(MAX_BYTES + 1)), row('c')]);
    expect(client.ids).toEqual([['a'], ['b'], ['c']]);
  });
});
