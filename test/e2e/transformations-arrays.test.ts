import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  CreateConnectionDocument,
  CreateDatasetDocument,
  PreviewDesignDocument,
  ReadTransformationsDocument,
  type TransformationInput,
  UpdateConnectionDocument,
} from '../generated/graphql.js';
import { creates } from '../support/creates.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const SAMPLE = {
  id: 'a',
  note: 'x',
  tags: ['x'],
  items: [{ sku: 'a', price: 1.5, parts: [{ no: 1 }] }],
};

/** A transformation that gives no value, or updates the column that it reads. */
function shapes(id: string, step: TransformationInput['step'], update?: string): TransformationInput {
  return { id, name: id, step, ...(update !== undefined && { output: { update } }) };
}

/** Every step for arrays and rows once, with the settings as they are read back. */
const STEPS: readonly TransformationInput[] = [
  shapes('dear', { filterArray: { column: 'items', where: { column: 'items.price', op: 'GT', value: 1 } } }, 'items'),
  shapes('once', { distinctArray: { column: 'items', by: ['items.sku'] } }, 'items'),
  shapes(
    'ordered',
    { sortArray: { column: 'items', orderBy: [{ column: 'items.price', direction: 'DESC', nulls: 'FIRST' }] } },
    'items',
  ),
  creates('total', { aggregateArray: { column: 'items', function: 'SUM', take: 'items.price' } }),
  creates('tag_list', { aggregateArray: { column: 'tags', function: 'JOIN', separator: '+' } }),
  creates('cheapest', {
    selectItem: {
      column: 'items',
      item: 'LAST',
      orderBy: [{ column: 'items.price', direction: 'DESC', nulls: 'FIRST' }],
      take: 'items.sku',
    },
  }),
  creates('all', { toText: { column: 'items' } }),
  shapes('lines', { flatten: { column: 'items', keepEmpty: false } }),
  shapes('parts', { flatten: { column: 'items.parts', keepEmpty: true } }),
  shapes('no_b', { removeRecord: { where: { column: 'items.sku', op: 'EQ', value: 'b' } } }),
  creates('is_copy', { copyRecord: { where: { column: 'items.parts.no', op: 'EQ', value: 2 } } }),
  shapes('drop', { removeColumn: { column: 'note' } }),
];

const RECORD = {
  id: 'r',
  note: 'secret',
  tags: ['x', null, 'y'],
  items: [
    { sku: 'a', price: 2, parts: [{ no: 1 }, { no: 2 }] },
    { sku: 'cheap', price: 0.5, parts: null },
    { sku: 'b', price: 4, parts: [] },
    { sku: 'c', price: 3, parts: [] },
    { sku: 'a', price: 9, parts: null },
  ],
};

describe('steps for arrays and rows', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function shapedDataset(): Promise<string> {
    const id = await sluice.dataset(SAMPLE);
    await sluice.edit(id, { transformations: [...STEPS] });
    return id;
  }

  async function designOf(id: string) {
    const { dataset } = await sluice.query(ReadTransformationsDocument, { id });
    if (!dataset) throw new Error(`there is no dataset ${id}`);
    return dataset.design;
  }

  it('are read back as they were sent', async () => {
    const { transformations, faults } = await designOf(await shapedDataset());
    expect(faults).toEqual([]);
    expect(transformations.map(({ id, step, output }) => ({ id, step, output }))).toEqual(
      STEPS.map(({ id, step, output }) => {
        return { id, step, output: output ? { create: null, update: null, ...output } : null };
      }),
    );
  });

  it('decide which columns have values, and say why others have none', async () => {
    const { columns } = await designOf(await shapedDataset());
    const shown = columns.map(({ id, type, enabled, origin, disabledReason }) => {
      return [id, type, enabled ? origin : disabledReason];
    });
    const flattened = 'a step flattens the array, and the columns inside it have its values';
    expect(shown).toEqual([
      ['id', 'TEXT', 'SAMPLE'],
      ['note', 'TEXT', 'step "drop" removes it'],
      ['tags', 'TEXT_ARRAY', 'SAMPLE'],
      ['items', 'OBJECT_ARRAY', flattened],
      ['items.sku', 'TEXT', 'SAMPLE'],
      ['items.price', 'NUMERIC', 'SAMPLE'],
      ['items.parts', 'OBJECT_ARRAY', flattened],
      ['items.parts.no', 'NUMERIC', 'SAMPLE'],
      ['total', 'NUMERIC', 'TRANSFORMATION'],
      ['tag_list', 'TEXT', 'TRANSFORMATION'],
      ['cheapest', 'TEXT', 'TRANSFORMATION'],
      ['all', 'TEXT', 'TRANSFORMATION'],
      ['is_copy', 'BOOLEAN', 'TRANSFORMATION'],
    ]);
  });

  it('are shown by a preview, step by step, and stored by a push in the same way', async () => {
    const id = await shapedDataset();
    const { previewDesign } = await sluice.query(PreviewDesignDocument, { datasetId: id, data: [RECORD] });
    const [previewed] = previewDesign.records;
    const items = [
      { sku: 'b', price: 4, parts: [] },
      { sku: 'c', price: 3, parts: [] },
      { sku: 'a', price: 2, parts: [{ no: 1 }, { no: 2 }] },
    ];
    const ofRecord = {
      id: 'r',
      tags: ['x', null, 'y'],
      total: 9,
      tag_list: 'x+y',
      cheapest: 'a',
      all: JSON.stringify(items),
    };
    const row = (sku: string, price: number, no: number | null, isCopy: boolean) => {
      return { ...ofRecord, 'items.sku': sku, 'items.price': price, 'items.parts.no': no, is_copy: isCopy };
    };
    const rows = [row('c', 3, null, false), row('a', 2, 1, false), row('a', 2, 2, false), row('a', 2, 2, true)];
    expect(previewed).toMatchObject({ errors: [], rows });
    expect(previewed?.steps.map(({ transformation }) => transformation)).toEqual(STEPS.map(({ id: step }) => step));
    const byId = new Map(previewed?.steps.map(({ transformation, values }) => [transformation, values]));
    expect(byId.get('ordered')).toMatchObject({ note: 'secret', items });
    expect(byId.get('lines')).toMatchObject({ 'items.sku': 'b' });
    await sluice.apply(id);
    expect(await sluice.push(id, [RECORD])).toMatchObject({ status: 'COMPLETE', counts: { added: 1, rows: 4 } });
    expect(await sluice.values(id)).toEqual(rows);
  });

  it('take null as a setting that is left out, in variables and in literals', async () => {
    const id = await sluice.dataset(SAMPLE);
    const step = `{ selectItem: { column: "tags", orderBy: null, take: null } }`;
    const query = `mutation { previewDesign(datasetId: "${id}", data: [{ id: "r", note: null, tags: ["u", "v"], items: null }],
      design: { transformations: [{ name: "first", output: { create: "tag" }, step: ${step} }] }
    ) { records { rows errors { message } } } }`;
    const { body } = await sluice.post('/graphql', { query });
    expect(body).toMatchObject({ data: { previewDesign: { records: [{ errors: [], rows: [{ tag: 'u' }] }] } } });
  });

  it.each<[string, unknown, string]>([
    ['an object', { sku: 'a', price: 1.5 }, 'an object has no value of its own'],
    ['a text', 'x', 'the column is TEXT'],
    ['an array of texts', ['x'], 'give a column to create'],
    ['an array of arrays', [[1]], 'the sample shows no array of objects with keys there'],
    ['of unknown type', null, 'the column takes any value and is TEXT'],
  ])('are faults that name the steps after a new sample in which the array is %s', async (_, items, reason) => {
    const input = { name: 'orders', sample: SAMPLE };
    const connectionId = (await sluice.query(CreateConnectionDocument, { input })).createConnection.id;
    const created = await sluice.query(CreateDatasetDocument, { input: { name: 'd', connectionId, apply: true } });
    const { id } = created.createDataset;
    await sluice.edit(id, { transformations: [...STEPS] });
    await sluice.query(UpdateConnectionDocument, { id: connectionId, input: { sample: { ...SAMPLE, items } } });
    const { faults } = await designOf(id);
    const named = new Set(faults.map(({ transformation }) => transformation));
    expect([...named]).toEqual(expect.arrayContaining(['dear', 'once', 'ordered', 'total', 'cheapest', 'lines']));
    const messages = faults.map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(new RegExp(`step "lines": .*${reason}`)));
    const { errors } = await sluice.execute(ApplyChangesDocument, { datasetId: id });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID_DESIGN',
      faults: messages.map((message) => ({ message })),
    });
    await sluice.edit(id, { transformations: [] });
    expect((await designOf(id)).faults).toEqual([]);
  });

  it('name the chain if a user stores the array whole', async () => {
    const id = await shapedDataset();
    const edit = sluice.edit(id, { columns: [{ id: 'items', undetermined: true }] });
    await expect(edit).rejects.toThrow(/step \\\\?"dear\\\\?".*stored whole as JSON text/);
  });

  it('refuse a preview that would show too much', async () => {
    const id = await sluice.dataset({ text: 'x' });
    const transformations = Array.from({ length: 30 }, (_, index) =>
      shapes(`s${index}`, { uppercase: { column: 'text' } }, 'text'),
    );
    const { errors } = await sluice.execute(PreviewDesignDocument, {
      datasetId: id,
      design: { transformations },
      data: Array.from({ length: 2 }, () => ({ text: 'x'.repeat(400_000) })),
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', field: 'data' });
    expect(errors?.[0]?.message).toContain('preview fewer or smaller records with data, or fewer steps');
  });
});
