import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  CreateApiKeyDocument,
  CreateDatasetDocument,
  CreateViewerTokenDocument,
  DiscardQuarantineDocument,
  PreviewDesignDocument,
  ReadDatasetDocument,
  type Scope,
  TryChangesDocument,
} from '../generated/graphql.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';
import { askAs, SECRET as JWT_SECRET, tenants, type ViewerAnswer } from '../support/viewer.js';

const SECRET = 'planted-secret';

describe('a sensitive column', () => {
  let sluice: Sluice;
  let id: string;
  let reader: string;
  /** The credentials that see rows and manage nothing. */
  let readers: string[];
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_JWT_SECRET: JWT_SECRET });
    reader = await key('READ');
    readers = [reader, await viewer([])];
    id = await sluice.dataset([
      { n: 1, ssn: 'b', person: { name: 'x', iban: 'y' } },
      { n: 2, ssn: 'a', person: null },
    ]);
    await sluice.push(id, [
      { n: 1, ssn: 'b', person: { name: 'x', iban: SECRET } },
      { n: 2, ssn: SECRET, person: null },
    ]);
  });
  afterAll(() => sluice.close());

  async function key(...scopes: Scope[]): Promise<string> {
    const input = { name: 'k', scopes };
    return (await sluice.query(CreateApiKeyDocument, { input })).createApiKey.secret;
  }

  async function viewer(permissions: unknown): Promise<string> {
    const input = { subject: 'somebody', permissions };
    return (await sluice.query(CreateViewerTokenDocument, { input })).createViewerToken.token;
  }

  /** What a GraphQL request with this key or token returns. */
  async function ask(secret: string, query: string): Promise<Pick<ViewerAnswer<unknown>, 'data' | 'errors'>> {
    if (!secret.startsWith('slk_') && secret !== API_KEY) return askAs(sluice, secret, query);
    const { body } = await sluice.post('/graphql', { query }, { 'x-api-key': secret });
    const { data, errors = [] } = body as Partial<ViewerAnswer<unknown>>;
    return { data, errors };
  }

  const records = (args: string) => `{ dataset(id: "${id}") { records${args} { totalCount nodes { values links } } } }`;

  it('exists for MANAGE keys only, at once and without a reload, and so do links that are made of it', async () => {
    await sluice.edit(id, {
      columns: [
        { id: 'n', link: { url: 'https://host/{{ssn}}' } },
        { id: 'person.name', link: { url: 'https://host/{{n}}' } },
      ],
    });
    await sluice.apply(id);
    expect(JSON.stringify(await ask(reader, records('')))).toContain(`https://host/${SECRET}`);
    await sluice.edit(id, {
      columns: [
        { id: 'ssn', sensitive: true },
        { id: 'person.iban', sensitive: true },
      ],
    });
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    expect(dataset?.changes).toEqual([
      { path: '/columns/ssn/sensitive', before: false, after: true, effect: 'AT_ONCE', needsReload: false },
      { path: '/columns/person.iban/sensitive', before: false, after: true, effect: 'AT_ONCE', needsReload: false },
    ]);
    expect(await sluice.apply(id)).toBeNull();

    for (const one of readers) {
      const { data } = await ask(
        one,
        `{ dataset(id: "${id}") { columns { id } records(orderBy: [{column: "n"}]) { totalCount nodes { values links } } } }`,
      );
      const nodes = [
        { values: { n: 1, 'person.name': 'x' }, links: { 'person.name': { url: 'https://host/1', title: null } } },
        { values: { n: 2, 'person.name': null }, links: { 'person.name': { url: 'https://host/2', title: null } } },
      ];
      const columns = [{ id: 'n' }, { id: 'person.name' }];
      expect(data).toEqual({ dataset: { columns, records: { totalCount: 2, nodes } } });
    }
    expect((await sluice.values(id, 'ssn')).map(({ ssn }) => ssn)).toEqual(['b', SECRET]);
  });

  it('can be neither filtered nor ordered by, as if it did not exist', async () => {
    for (const use of ['where: {column: "COLUMN", op: EQ, value: "b"}', 'orderBy: [{column: "COLUMN"}]']) {
      for (const one of readers) {
        const answers = [];
        for (const column of ['ssn', 'person.iban', 'nowhere']) {
          const { errors } = await ask(one, records(`(${use.replace('COLUMN', column)})`));
          answers.push([errors[0]?.extensions.code, errors[0]?.message.replace(column, 'COLUMN')]);
        }
        const [first, second, unknown] = answers;
        expect(unknown?.[0]).toBe('BAD_REQUEST');
        expect([first, second]).toEqual([unknown, unknown]);
      }
    }
  });

  it('can restrict the rows of viewers, who do not see its values', async () => {
    const secured = await sluice.dataset({ n: 1, ssn: 'x' });
    await sluice.edit(secured, { columns: [{ id: 'ssn', sensitive: true, securityName: 'tenant' }] });
    await sluice.apply(secured);
    await sluice.push(secured, [
      { n: 1, ssn: SECRET },
      { n: 2, ssn: 'x' },
    ]);
    const query = `{ dataset(id: "${secured}") { rowCount records { nodes { values } } } }`;
    const { data } = await ask(await viewer(tenants(secured, SECRET)), query);
    expect(data).toEqual({ dataset: { rowCount: 1, records: { nodes: [{ values: { n: 1 } }] } } });
  });

  it('cannot be deleted by with PUSH keys, whose deletes count what matches', async () => {
    const pusher = await key('PUSH', 'READ');
    const remove = (column: string, value: unknown) =>
      `mutation { deleteData(input: {datasetId: "${id}", where: {column: "${column}", op: EQ, value: ${JSON.stringify(value)}}}) { id } }`;
    expect((await ask(pusher, remove('ssn', 'no such value'))).errors[0]?.extensions.code).toBe('BAD_REQUEST');
    expect((await ask(pusher, remove('n', 99))).errors).toEqual([]);
  });

  it('is shown by no error of a job, in quarantine and previews neither', async () => {
    const sample = { n: 1, ssn: 1, person: { iban: 'x' }, day: '2024-01-01' };
    const input = { name: 'q', sample, apply: true, mismatchPolicy: 'QUARANTINE' as const };
    const kept = (await sluice.query(CreateDatasetDocument, { input })).createDataset.id;
    const odd = { n: SECRET, ssn: SECRET, person: { iban: [SECRET] }, day: SECRET, sssn: SECRET };
    const shownBy = async () => {
      await sluice.query(DiscardQuarantineDocument, { datasetId: kept });
      const job = await sluice.push(kept, [odd]);
      const rest = await sluice.request(`/dataload/${job.id}/errors`);
      const status = await sluice.request(`/dataload/${job.id}/status`);
      const errors = await ask(
        API_KEY,
        `{ dataset(id: "${kept}") { quarantine { nodes { errors { pointer message expected actual } } } } }`,
      );
      const preview = await sluice.query(PreviewDesignDocument, { datasetId: kept, data: [odd] });
      const previewed = preview.previewDesign.records.map((record) => record.errors);
      return [job, rest.body, status.body, errors, previewed].map((one) => JSON.stringify(one));
    };
    const shown = await shownBy();
    // The status says how many errors there are, and shows none.
    expect(shown.map((place) => place.includes(SECRET))).toEqual([true, true, false, true, true]);

    const columns = ['n', 'ssn', 'person', 'day'].map((one) => ({ id: one, sensitive: true }));
    await sluice.edit(kept, { columns });
    await sluice.apply(kept);
    const hidden = await shownBy();
    for (const place of hidden) expect(place).not.toContain(SECRET);
    for (const pointer of ['/n', '/ssn', '/person/iban', '/day', '/sssn']) {
      expect(hidden[1]).toContain(`"message":"${pointer}: a hidden value is`);
    }
  });

  it('stays hidden in the errors of a trial and a reload of a design in which it is not sensitive', async () => {
    const texts = await sluice.dataset({ n: 1, ssn: 'x' });
    await sluice.edit(texts, { columns: [{ id: 'ssn', sensitive: true }] });
    await sluice.apply(texts);
    await sluice.push(texts, [{ n: 1, ssn: SECRET }]);
    await sluice.edit(texts, { columns: [{ id: 'ssn', sensitive: false, type: 'NUMERIC' }] });
    const { tryChanges } = await sluice.query(TryChangesDocument, { datasetId: texts });
    for (const job of [await sluice.finalJob(tryChanges.id), await sluice.apply(texts)]) {
      expect(job?.errors.nodes.map(({ message }) => message)).toEqual([
        expect.stringMatching(/: \/ssn: a hidden value cannot be converted to NUMERIC/),
      ]);
      expect(JSON.stringify(job)).not.toContain(SECRET);
    }
  });

  it('and a secured dataset are named in warnings of the designs whose lookups copy from them, as they are now', async () => {
    const customers = await sluice.dataset({ id: 'c', name: 'x', region: 'x' });
    await sluice.edit(customers, { columns: [{ id: 'id', uniqueIdentifier: true }] });
    await sluice.apply(customers);
    const orders = await sluice.dataset({ customer: 'c' });
    const lookup = { dataset: customers, by: [{ identifier: 'id', column: 'customer' }], take: 'name' };
    await sluice.edit(orders, { transformations: [{ name: 'find', output: { create: 'found' }, step: { lookup } }] });
    const warnings = async () => (await sluice.query(ReadDatasetDocument, { id: orders })).dataset?.design.warnings;
    expect(await warnings()).toEqual([]);
    for (const column of [
      { id: 'name', sensitive: true },
      { id: 'region', securityName: 'area' },
    ]) {
      await sluice.edit(customers, { columns: [column] });
      await sluice.apply(customers);
      const message = expect.stringContaining(`copies the values from dataset "${customers}"`);
      expect(await warnings()).toEqual([{ column: 'found', message }]);
      await sluice.edit(customers, { columns: [{ id: 'name', sensitive: false }] });
    }
    const applied = await sluice.query(ApplyChangesDocument, { datasetId: orders });
    expect(applied.applyChanges.warnings.map((one) => one.column)).toEqual(['found']);
  });

  it('is in samples, previews and quarantine, which only MANAGE keys reach', async () => {
    const keys = [await key('PUSH'), ...readers, await key('PUSH', 'READ')];
    const requests = [
      `{ dataset(id: "${id}") { quarantine { totalCount nodes { record } } } }`,
      `{ dataset(id: "${id}") { pushInstructions { postData } } }`,
      `{ dataset(id: "${id}") { connection { sample } } }`,
      `{ dataset(id: "${id}") { design { columns { id } } } }`,
      `{ dataset(id: "${id}") { appliedDesign { warnings { message } } } }`,
      `{ dataset(id: "${id}") { changes { path } } }`,
      `mutation { previewDesign(datasetId: "${id}") { records { rows } } }`,
    ];
    for (const query of requests) {
      const managed = await ask(await key('MANAGE'), query);
      expect([query, managed.errors]).toEqual([query, []]);
      for (const secret of keys) {
        const { errors } = await ask(secret, query);
        expect([query, errors.map(({ extensions }) => extensions.code)]).toEqual([query, ['FORBIDDEN']]);
      }
    }
  });

  it('is not sensitive in designs from before there were sensitive columns', async () => {
    const old = await sluice.dataset({ a: 'x' });
    const { modifiedCount } = await sluice.database.db
      .collection('designs')
      .updateMany({ datasetId: old }, { $unset: { 'columns.$[].sensitive': 1 } });
    expect(modifiedCount).toBeGreaterThan(0);
    await sluice.edit(old, { columns: [{ id: 'a', name: 'b' }] });
    const { dataset } = await sluice.query(ReadDatasetDocument, { id: old });
    expect(dataset?.design.columns.map(({ sensitive }) => sensitive)).toEqual([false]);
    expect(dataset?.changes.map(({ path }) => path)).toEqual(['/columns/a/name']);
  });
});
