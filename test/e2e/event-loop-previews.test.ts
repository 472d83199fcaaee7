import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectQuickAnswer, startWatchedService, type WatchedService } from '../support/watched-service.js';

/** The most records of a preview, each as large as all together allow. */
const RECORDS = 100;
const RECORD_BYTES = 9_900;

const filled = (text: string, size = RECORD_BYTES) => text.repeat(Math.floor(size / text.length));
const listOf = (element: string, size?: number) => `[${filled(`${element},`, size)}${element}]`;
const hundred = (record: string) => `[${Array(RECORDS).fill(record).join()}]`;
const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join()}}`;

/** Previews that are answered, whatever their records have. */
const ACCEPTED: [string, string][] = [
  ['records of many keys', hundred(keys(1_050))],
  ['one record of many keys', `[${keys(40_000)}]`],
  ['arrays in arrays', hundred(`{"n":${'['.repeat(900)}${']'.repeat(900)}}`)],
  ['records in records', hundred(`${'{"n":'.repeat(450)}1${'}'.repeat(450)}`)],
  ['long numbers', hundred(`{"n":${listOf('1e999', 9_800)}}`)],
  ['arrays of records', hundred(`{"n":${listOf('{"a":1}', 9_800)}}`)],
  ['long texts', hundred(`{"n":"${filled('1', 9_800)}"}`)],
  ['long keys', hundred(`{"${filled('k', 9_800)}":1}`)],
];

/** Previews beyond a bound, which are refused. */
const REFUSED: [string, string][] = [
  ['60,000 records', listOf('{"n":1}', 480_000)],
  ['9 MB of records', listOf('{"n":1,"o":{"p":[1,"x"]}}', 9_000_000)],
  ['9 MB of long numbers', `[{"n":${listOf('1e9999999999', 9_000_000)}}]`],
  ['more than 1 MB in a hundred records', hundred(`{"n":"${filled('1', 10_100)}"}`)],
];

describe('the event loop is kept for a short time only by a preview', () => {
  let service: WatchedService;
  let datasetId: string;
  let listsId: string;
  beforeAll(async () => {
    service = await startWatchedService();
    datasetId = await service.dataset({ n: 1 });
    listsId = await service.dataset({ tags: ['a'], text: 'a' });
  });
  afterAll(() => service.close());
  beforeEach(() => service.most());

  interface Answer {
    readonly data: { readonly previewDesign: { readonly records: readonly { readonly rows: unknown[] }[] } } | null;
    readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  }
  async function preview(id: string, data: string, transformations: readonly object[] = []): Promise<Answer> {
    const query = `mutation($d: DesignEditInput, $v: [JSONObject!]) {
      previewDesign(datasetId: "${id}", design: $d, data: $v) { records { rows errors { code } } }
    }`;
    const design = JSON.stringify({ transformations });
    const body = `{"query":${JSON.stringify(query)},"variables":{"d":${design},"v":${data}}}`;
    return JSON.parse(await expectQuickAnswer(service, '/graphql', body));
  }

  it.each(ACCEPTED)('that is answered, of %s', async (name, data) => {
    const { errors, data: answered } = await preview(datasetId, data);
    expect(errors).toBeUndefined();
    expect(answered?.previewDesign.records).toHaveLength(name.startsWith('one record') ? 1 : RECORDS);
  });

  it.each(REFUSED)('that is refused, of %s', async (_name, data) => {
    const { errors } = await preview(datasetId, data);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
      expect.stringMatching(/^(BAD_REQUEST|PAYLOAD_TOO_LARGE)$/),
    ]);
  });

  const step = (id: string, one: object, output: object) => ({ id, name: id, output, step: one });
  it.each<[string, readonly object[], object]>([
    [
      'formulas',
      Array.from({ length: 5 }, (_, index) =>
        step(
          `f${index}`,
          { formula: { source: 'tags.filter(x, x.matches("(a|b|c)+[0-9]*x")).size()' } },
          { create: `f${index}` },
        ),
      ),
      { tags: Array.from({ length: 1_200 }, (_, index) => `a${index}`), text: 'x' },
    ],
    [
      'sorts',
      Array.from({ length: 5 }, (_, index) =>
        step(
          `s${index}`,
          { sortArray: { column: 'tags', orderBy: [{ direction: 'DESC', nulls: 'LAST' }] } },
          { update: 'tags' },
        ),
      ),
      { tags: Array.from({ length: 1_200 }, (_, index) => `a${index}`), text: 'x' },
    ],
    [
      'replacements',
      Array.from({ length: 4 }, (_, index) =>
        step(
          `r${index}`,
          { replaceText: { column: 'text', search: '(x|y)+z', mode: 'REGEX', replacement: 'z' } },
          { update: 'text' },
        ),
      ),
      { tags: [], text: 'xy'.repeat(4_800) },
    ],
  ])('of a hundred records under the dearest steps: %s', async (_name, steps, record) => {
    const { errors, data } = await preview(listsId, hundred(JSON.stringify(record)), steps);
    expect(errors).toBeUndefined();
    expect(data?.previewDesign.records.map(({ rows }) => rows.length)).toEqual(Array(RECORDS).fill(1));
  });
});
