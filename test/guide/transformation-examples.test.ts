import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildSchema } from 'graphql';
import type { Example, MadeRows, MadeValue } from '../../docs/transformations/example.js';
import { FAMILIES } from '../../docs/transformations/families.js';
import { GEOLOCATIONS } from '../../docs/transformations/geolocations.js';
import { transformationsPage } from '../../docs/transformations/page.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const EXAMPLES = FAMILIES.flatMap(({ examples }) => Object.entries(examples));
const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));

interface Preview {
  readonly previewDesign: {
    readonly records: { readonly rows: Record<string, unknown>[]; readonly errors: { readonly message: string }[] }[];
  };
}

describe('docs/transformations.md', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function lookedUp(customers: NonNullable<Example['customers']>): Promise<string> {
    const id = await sluice.dataset(customers);
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }] });
    await sluice.apply(id);
    await sluice.push(id, customers);
    return id;
  }

  it.each(EXAMPLES)('shows what %s gives', async (_name, { step: shown, records, savedAt, customers }) => {
    const data = records.map(({ record }) => record);
    const datasetId = await sluice.dataset(data);
    const step = customers ? shown.replace('"customers"', JSON.stringify(await lookedUp(customers))) : shown;
    const output = records.some((one) => 'value' in one) ? 'output: { create: "result" }' : '';
    if (savedAt !== undefined) jest.spyOn(systemClock, 'now').mockReturnValue(new Date(savedAt));
    await expectShown(datasetId, `transformations: [{ name: "it", ${output} step: ${step} }]`, records);
  });

  it.each(Object.entries(GEOLOCATIONS))('shows what a geolocation by %s gives', async (_name, { step, records }) => {
    const datasetId = await sluice.dataset(records.map(({ record }) => record));
    await expectShown(datasetId, `geolocations: [${step}]`, records);
  });

  async function expectShown(datasetId: string, design: string, records: Example['records']): Promise<void> {
    const data = records.map(({ record }) => record);
    const query = `mutation ($datasetId: ID!, $data: [JSONObject!]) {
      previewDesign(datasetId: $datasetId, data: $data, design: { ${design} }) { records { rows errors { message } } }
    }`;
    const { body } = await sluice.post('/graphql', { query, variables: { datasetId, data } });
    expect(body).not.toHaveProperty('errors');
    const { previewDesign } = body.data as Preview;
    expect(previewDesign.records.flatMap(({ errors }) => errors)).toEqual([]);
    expect(previewDesign.records.map(({ rows }, index) => shownOf(rows, records[index]))).toEqual(
      records.map((one) => ('value' in one ? one.value : one.rows)),
    );
  }

  it('has an example of every kind of step', () => {
    const page = (families: typeof FAMILIES) => () => transformationsPage(schema, families, GEOLOCATIONS);
    expect(page(FAMILIES)).not.toThrow();
    const [first, ...others] = FAMILIES;
    expect(first && page(others)).toThrow(/no example of add, subtract, .*; add one each/);
    const example: Example = { step: '{}', records: [] };
    expect(page([...FAMILIES, { title: 'x', examples: { nothing: example } }])).toThrow(/examples of nothing: no such/);
  });
});

/** What the page shows of a record: the value of the created column, or all rows. */
function shownOf(rows: Record<string, unknown>[], expected: MadeValue | MadeRows | undefined): unknown {
  return expected && 'value' in expected ? rows[0]?.result : rows;
}
