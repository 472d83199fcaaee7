import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  expectQuickAnswer,
  LONGEST_MS,
  longestTurnOf,
  startWatchedService,
  type WatchedService,
} from '../support/watched-service.js';

const BODY = 10_000_000;

/** A text repeated to about the size of the largest body. */
const filled = (text: string, size = BODY - 200) => text.repeat(Math.floor(size / text.length));
const listOf = (element: string, size?: number) => `[${filled(`${element},`, size)}${element}]`;
const keys = (count: number) => Array.from({ length: count }, (_, index) => `"k${index}":0`).join();
const manyKeys = keys(49_999);
const record = `{"n":12345,"other":"${'some text '.repeat(4)}","o":{"p":1.5,"q":["a","b"],"r":null,"s":"é"}}`;
const records = listOf(record);

/** Texts of JSON, and what is not, each of which costs a reader most in another place. */
const TEXTS: [string, string][] = [
  [
    'records that fit',
    listOf('{"n":12345.5                                                                                  }'),
  ],
  ['records that do not fit', records],
  ['empty records', listOf('{}')],
  ['records of one key', listOf('{"n":1}')],
  ['numbers that no double holds', listOf('1e999')],
  ['long fractions', listOf('0.12345678901234567890')],
  ['small numbers', listOf('1')],
  ['nulls', listOf('null')],
  ['empty texts', listOf('""')],
  ['escapes', `["${filled('\\u0041\\n')}"]`],
  ['keys with escapes', listOf('{"\\u006e":1}')],
  ['one long text', `["${filled('x')}"]`],
  ['white space', `${filled(' ')}[]`],
  ['newlines', filled('\n')],
  ['a key given twice at the very end', `[${filled(`{${manyKeys}},`)}{${manyKeys},"k7":0}]`],
  ['records of many keys', listOf(`{${manyKeys}}`)],
  ['one record of too many keys', `[{${keys(500_000)}}]`],
  ['one record of many elements', `[{"n":${listOf('{}')}}]`],
  ['arrays in arrays', listOf(`${'['.repeat(900)}${']'.repeat(900)}`)],
  ['a bomb of brackets', filled('[')],
  ['commas alone', `[${filled(',')}`],
  ['a number that never ends', `[${filled('1')}`],
  ['a fault at the very end', `${records.slice(0, -1)}x`],
  ['bytes of half a character at the end', `${listOf('"é"')}\udc00`],
];

describe('the event loop', () => {
  let service: WatchedService;
  let datasetId: string;
  beforeAll(async () => {
    service = await startWatchedService();
    datasetId = await service.dataset({ n: 1 });
  });
  afterAll(() => service.close());
  // Code that runs for the first time is compiled first.
  beforeEach(() => service.most());

  const answersQuickly = (path: string, body: string, type?: string) => expectQuickAnswer(service, path, body, type);

  describe('is kept for a short time only by a body for REST', () => {
    it.each(TEXTS)('of %s', (_name, text) => answersQuickly(`/dataload/${datasetId}?wait=60`, text));

    it.each(TEXTS)('in an envelope, of %s', (_name, text) =>
      answersQuickly('/dataload/postdata?wait=60', `{"datasetId":"${datasetId}","data":${text}}`),
    );

    it.each([
      ['records', filled('{"n":1}\n')],
      ['records that fit', filled(`{"n":1${' '.repeat(100)}}\n`)],
      ['scalars', filled('1\n')],
      ['newlines', filled('\n')],
      ['long lines', `${listOf('1')}\n`],
    ])('as NDJSON of %s', (_name, text) =>
      answersQuickly(`/dataload/${datasetId}?wait=60`, text, 'application/x-ndjson'),
    );
  });

  describe('is kept for a short time only by a GraphQL request', () => {
    const push = 'mutation($i: PushDataInput!) { pushData(input: $i) { status } }';
    const inVariables = (data: string) =>
      `{"query":${JSON.stringify(push)},"variables":{"i":{"datasetId":"${datasetId}","waitSeconds":60,"data":${data}}}}`;

    it.each(TEXTS)('that pushes %s', (_name, text) => answersQuickly('/graphql', inVariables(text)));

    it.each(TEXTS)('with an unknown variable of %s', (_name, text) =>
      answersQuickly('/graphql', `{"query":"{ __typename }","variables":{"x":${text}}}`),
    );
  });

  describe('is kept for a short time only by the steps of a design', () => {
    const sample = { tags: ['a'], items: [{ t: 'a' }], text: 'x', n: 1 };
    const flatten = step('flatten', { flatten: { column: 'items', keepEmpty: true } });
    const formula = (id: string, source: string) => step(id, { formula: { source } }, { create: id });
    const items = Array.from({ length: 10_000 }, (_, index) => ({ t: `${index}` }));
    const thousands = (count: number) => Array.from({ length: count }, (_, index) => `${index} of many`);

    it.each<[string, object[], object]>([
      [
        'twenty cheap ones on 10,000 rows',
        [
          flatten,
          ...Array.from({ length: 20 }, (_, index) =>
            step(`u${index}`, { uppercase: { column: 'text' } }, { create: `u${index}` }),
          ),
        ],
        { tags: [], items, text: 'some text', n: 1 },
      ],
      [
        'a formula on each of 10,000 rows',
        [flatten, formula('f', 'row["text"].split(" ").map(x, x + "!").join("-")')],
        { tags: [], items, text: 'some text of a few words', n: 1 },
      ],
      [
        'a regular expression on each of 10,000 rows',
        [
          flatten,
          step('r', { extractText: { column: 'text', pattern: '(a|aa)+$', caseSensitive: true } }, { create: 'r' }),
        ],
        { tags: [], items, text: `${'a'.repeat(200)}!`, n: 1 },
      ],
      [
        'the dearest formula in fifty steps of one row',
        Array.from({ length: 50 }, (_, index) =>
          formula(`f${index}`, 'tags.filter(x, x.matches("(a|b|c)+[0-9]*x")).size()'),
        ),
        { tags: thousands(9_000), items: [], text: 'x', n: 1 },
      ],
      [
        'sorts of long arrays',
        Array.from({ length: 20 }, (_, index) =>
          step(
            `s${index}`,
            { sortArray: { column: 'tags', orderBy: [{ direction: 'DESC', nulls: 'LAST' }] } },
            { update: 'tags' },
          ),
        ),
        { tags: thousands(10_000), items: [], text: 'x', n: 1 },
      ],
      [
        'many steps that read a long text',
        Array.from({ length: 40 }, (_, index) =>
          step(`t${index}`, { trim: { column: 'text', side: 'BOTH', characters: 'xy' } }, { create: `t${index}` }),
        ),
        { tags: [], items: [], text: 'xy'.repeat(2_200_000), n: 1 },
      ],
      [
        'steps that mask, replace and split long texts',
        Array.from({ length: 30 }, (_, index) => {
          const kinds = [
            { mask: { column: 'text', mode: 'PHONE' } },
            { replaceText: { column: 'text', search: 'y', mode: 'LITERAL', replacement: 'z' } },
            { replaceText: { column: 'text', search: 'y', mode: 'REGEX', replacement: 'z' } },
            { split: { column: 'text', separator: 'y', part: -1 } },
          ];
          return [
            step(`t${index}`, kinds[index % kinds.length] ?? {}, { create: `t${index}` }),
            // Otherwise the row would be too large to be stored.
            step(`x${index}`, { removeColumn: { column: `t${index}` } }),
          ];
        }).flat(),
        { tags: [], items: [], text: 'xy'.repeat(490_000), n: 1 },
      ],
      [
        'conditions and replacements that almost match everywhere',
        [
          step('c', { removeRecord: { where: { column: 'text', op: 'CONTAINS', value: almost(1_000) } } }),
          step('l', { replaceText: { column: 'text', search: almost(10_000), replacement: '' } }, { create: 'l' }),
          step('s', { split: { column: 'text', separator: almost(10_000), part: 1 } }, { create: 's' }),
        ],
        { tags: [], items: [], text: 'a'.repeat(4_000_000), n: 1 },
      ],
    ])('%s', async (_name, transformations, record) => {
      const id = await shapedDataset(sample, transformations);
      const longest = await longestTurnOf(service, async () => {
        const response = await service.post(`/dataload/${id}?wait=60`, JSON.stringify([record, record]));
        expect(await response.text()).toContain('"status":"Complete"');
      });
      expect(longest).toBeLessThan(LONGEST_MS);
    });

    /** A text that a search finds only nearly, at each place of a text of this character alone. */
    function almost(length: number): string {
      const half = 'a'.repeat(length / 2 - 1);
      return `${half}b${half}`;
    }

    function step(id: string, kind: object, output: object | null = null) {
      return { id, name: id, enabled: true, output, onError: 'IGNORE', step: kind };
    }

    async function shapedDataset(sample: object, transformations: readonly object[]): Promise<string> {
      const id = await service.dataset(sample);
      await service.graphql(
        'mutation($id: ID!, $t: [TransformationInput!]!) { updateDesign(datasetId: $id, input: {expectedRevision: 1, transformations: $t}) { design { faults { message } } } applyChanges(datasetId: $id) { dataset { status } } }',
        { id, t: transformations },
      );
      return id;
    }
  });

  describe('is kept for a short time only by a message', () => {
    it.each(TEXTS)('on a websocket, of %s', async (_name, text) => {
      expect(await longestTurnOf(service, () => sendAndEnd(text))).toBeLessThan(LONGEST_MS);
    });

    async function sendAndEnd(text: string): Promise<void> {
      const socket = new WebSocket(service.url.replace('http', 'ws').concat('/graphql'), 'graphql-transport-ws');
      const messages: string[] = [];
      const ended = new Promise<void>((resolve) => {
        socket.on('message', (data) => {
          messages.push(String(data));
          const { type } = JSON.parse(String(data));
          if (type === 'connection_ack') {
            const payload = `{"query":"mutation($i: PushDataInput!) { pushData(input: $i) { status } }","variables":{"i":{"datasetId":"${datasetId}","waitSeconds":60,"data":${text}}}}`;
            socket.send(`{"type":"subscribe","id":"1","payload":${payload}}`);
          } else if (type === 'complete' || type === 'error') resolve();
        });
        socket.once('close', () => resolve());
      });
      socket.once('open', () =>
        socket.send(
          JSON.stringify({ type: 'connection_init', payload: { 'x-api-key': service.headers['x-api-key'] } }),
        ),
      );
      await ended;
      socket.terminate();
      expect(messages.join().includes('INTERNAL')).toBe(false);
    }
  });
});
