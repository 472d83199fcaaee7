import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateDatasetDocument, ReadAsViewerDocument } from '../generated/graphql.js';
import type { Sluice } from '../support/sluice.js';
import { askAs, askOverSocket, openTenants, type Tenants, tenants } from '../support/viewer.js';

describe('a viewer token', () => {
  let bench: Tenants;
  let sluice: Sluice;
  /** Of three tenants. */
  let secured: string;
  let open: string;
  beforeAll(async () => {
    bench = await openTenants();
    ({ sluice, secured, open } = bench);
  });
  afterAll(() => sluice.close());

  it('reads the rows that its permissions show, their count and the columns, and nothing of the others', async () => {
    const token = await bench.minted(tenants(secured, 'a'));
    const { data } = await askAs(sluice, token, ReadAsViewerDocument, { id: secured });
    expect(data?.dataset).toMatchObject({ id: secured, name: 'test', rowCount: 3, records: { totalCount: 3 } });
    expect(data?.dataset?.columns).toEqual([
      { id: 'tenant', name: 'tenant', type: 'TEXT', displayFormat: null },
      { id: 'n', name: 'n', type: 'NUMERIC', displayFormat: ',.2f' },
      { id: 'inside.city', name: 'inside.city', type: 'TEXT', displayFormat: null },
    ]);
    const values = data?.dataset?.records.nodes.map((node) => node.values);
    expect(values?.map(({ n }) => n).sort()).toEqual([0, 2, 4]);
    expect(Object.keys(values?.[0] ?? {}).sort()).toEqual(['inside.city', 'n', 'tenant']);
    const where = { column: 'tenant', op: 'EQ' as const, value: 'b' };
    const others = await askAs(sluice, token, ReadAsViewerDocument, { id: secured, where });
    expect(others.data?.dataset).toMatchObject({ rowCount: 3, records: { totalCount: 0, nodes: [] } });
  });

  it('sees the columns that a manager sees too, except before the first apply, when nobody sees any', async () => {
    const shown = ['tenant', 'n', 'inside.city'];
    const manager = await sluice.query(ReadAsViewerDocument, { id: secured });
    expect(manager.dataset?.columns.map(({ id }) => id)).toEqual(shown);
    await sluice.edit(secured, { columns: [{ id: 'n', name: 'number', securityName: 'later' }] });
    expect((await sluice.query(ReadAsViewerDocument, { id: secured })).dataset).toEqual(manager.dataset);
    await sluice.edit(secured, { columns: [{ id: 'n', name: 'n', securityName: null }] });
    const { createDataset } = await sluice.query(CreateDatasetDocument, { input: { name: 'x', sample: { n: 1 } } });
    expect((await sluice.query(ReadAsViewerDocument, { id: createDataset.id })).dataset).toMatchObject({ columns: [] });
  });

  it('reads the same over a websocket', async () => {
    const query = `{ dataset(id: "${secured}") { rowCount records(orderBy: [{column: "n"}]) { nodes { values } } } }`;
    const node = (n: number) => ({ values: { tenant: 'a', n, 'inside.city': 'x' } });
    const dataset = { rowCount: 3, records: { nodes: [0, 2, 4].map(node) } };
    expect(await askOverSocket(sluice, await bench.minted(tenants(secured, 'a')), query)).toEqual({
      data: { dataset },
    });
  });

  it('reads a dataset without security names, whatever its permissions are', async () => {
    for (const permissions of [[], tenants(secured, 'a')]) {
      const { data } = await askAs(sluice, await bench.minted(permissions), ReadAsViewerDocument, { id: open });
      expect(data?.dataset).toMatchObject({ rowCount: 1, columns: [{ id: 'n' }], records: { totalCount: 1 } });
    }
  });

  it('is not told whether a dataset exists that its permissions do not show', async () => {
    const never = await sluice.query(CreateDatasetDocument, { input: { name: 'x', sample: { n: 1 } } });
    const unpermitted = await bench.securedDataset('other');
    const token = await bench.minted([...tenants(secured, 'a'), ...tenants(unpermitted, 'a')]);
    const ask = async (id: string) => {
      const { data, errors } = await askAs(sluice, token, `{ dataset(id: "${id}") { name } }`);
      return { data, errors: errors.map(({ message, extensions }) => ({ message, extensions })) };
    };
    const unknown = await ask('0199a0b0-0000-7000-8000-000000000000');
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await ask(unpermitted)).toEqual(unknown);
    expect(await ask(never.createDataset.id)).toEqual(unknown);
  });

  it.each([
    ['datasets', () => '{ datasets { totalCount } }'],
    ['jobs', () => '{ jobs { totalCount } }'],
    ['connections', () => '{ connections { totalCount } }'],
    ['API keys', () => '{ apiKeys { totalCount } }'],
    ['its jobs', () => `{ dataset(id: "${secured}") { jobs { totalCount } } }`],
    ['its last job', () => `{ dataset(id: "${secured}") { lastJob { id } } }`],
    ['its quarantine', () => `{ dataset(id: "${secured}") { quarantine { totalCount } } }`],
    ['its design', () => `{ dataset(id: "${secured}") { design { columns { id } } } }`],
    ['its applied design', () => `{ dataset(id: "${secured}") { appliedDesign { revision } } }`],
    ['its connection', () => `{ dataset(id: "${secured}") { connection { sample } } }`],
    ['its push instructions', () => `{ dataset(id: "${secured}") { pushInstructions { postData } } }`],
    ['its record count', () => `{ dataset(id: "${secured}") { recordCount } }`],
    ['inferred fields', () => '{ inferFields(sample: {a: 1}) { path } }'],
    ['permissions', () => `{ explainPermissions(datasetId: "${secured}", permissions: []) { rowCount } }`],
    ['a token', () => 'mutation { createViewerToken(input: {subject: "x", permissions: []}) { token } }'],
    ['a key', () => 'mutation { createApiKey(input: {name: "x", scopes: [READ]}) { secret } }'],
    ['a delete', () => `mutation { deleteData(input: {datasetId: "${secured}", where: {}}) { id } }`],
    ['a reload', () => `mutation { rebuildDataset(datasetId: "${secured}") { id } }`],
  ])('gets FORBIDDEN for %s', async (_, query) => {
    expect((await askAs(sluice, await bench.signed(), query())).code).toBe('FORBIDDEN');
  });

  it('gets FORBIDDEN for pushes, and for jobs that it watches', async () => {
    const token = await bench.signed();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const push = await fetch(`${sluice.url}/dataload/${open}`, { method: 'POST', headers, body: '[{"n": 2}]' });
    expect([push.status, await push.json()]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
    const watched = await askOverSocket(
      sluice,
      token,
      `subscription { jobStatusChanged(datasetId: "${open}") { status } }`,
    );
    expect(watched).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it('sees what the applied design permits now, and never what an earlier one did', async () => {
    const id = await bench.securedDataset('tenant');
    const token = await bench.minted(tenants(id, 'a'));
    const count = () =>
      askAs(sluice, token, `{ dataset(id: "${id}") { rowCount records(first: 1) { pageInfo { endCursor } } } }`);
    expect((await count()).data).toMatchObject({ dataset: { rowCount: 3 } });
    await sluice.edit(id, { columns: [{ id: 'n', securityName: 'size' }] });
    expect((await count()).data).toMatchObject({ dataset: { rowCount: 3 } });
    await sluice.apply(id);
    expect((await count()).code).toBe('FORBIDDEN');
    await sluice.edit(id, { columns: [{ id: 'n', securityName: null, enabled: false }] });
    await sluice.apply(id);
    const columns = await askAs(sluice, token, `{ dataset(id: "${id}") { columns { id } } }`);
    expect(columns.data).toEqual({ dataset: { columns: [{ id: 'tenant' }, { id: 'inside.city' }] } });
  });
});
