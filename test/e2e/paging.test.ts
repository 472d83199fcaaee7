import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateDatasetDocument,
  DiscardQuarantineDocument,
  ListDatasetsDocument,
  ReadQuarantineDocument,
} from '../generated/graphql.js';
import { type Problem, type Sluice, startSluice } from '../support/sluice.js';

interface Pages {
  readonly data: { readonly [list: string]: { readonly pageInfo: { readonly endCursor: string } } };
}

/** Lists by their fields, `AFTER` being their argument. */
const LISTS = ['connections(first: 1 AFTER)', 'datasets(first: 1 AFTER)', 'jobs(first: 1 AFTER)'];

describe('pages of lists', () => {
  let sluice: Sluice;
  let id: string;
  beforeAll(async () => {
    sluice = await startSluice();
    const input = { name: 'q', sample: { n: 1 }, apply: true, mismatchPolicy: 'QUARANTINE' as const };
    id = (await sluice.query(CreateDatasetDocument, { input })).createDataset.id;
    await sluice.push(id, [{ n: 'a' }, { n: 'b' }, { n: 'c' }]);
  });
  afterAll(() => sluice.close());

  const page = (list: string, after: string) =>
    sluice.post('/graphql', { query: `{ ${list.replace('AFTER', after)} { pageInfo { endCursor } } }` });

  async function refused(list: string, after: string): Promise<void> {
    const { body } = await page(list, `, after: ${JSON.stringify(after)}`);
    const [error] = body.errors as [{ message: string; extensions: Problem }];
    expect([list, error.extensions.code]).toEqual([list, 'BAD_REQUEST']);
    expect(error.message).toContain('leave out after');
  }

  it('refuse a cursor of another list', async () => {
    const cursors: string[] = [];
    for (const list of LISTS) {
      const { data } = (await page(list, '')).body as unknown as Pages;
      cursors.push(Object.values(data)[0]?.pageInfo.endCursor ?? '');
    }
    for (const [index, list] of LISTS.entries()) {
      for (const after of ['', 'x', 'zz', id, cursors[(index + 1) % cursors.length] ?? '']) await refused(list, after);
      expect((await page(list, `, after: ${JSON.stringify(cursors[index])}`)).body.errors).toBeUndefined();
    }
    for (const after of ['zz', ...cursors]) {
      const { errors } = await sluice.execute(ReadQuarantineDocument, { id, after });
      expect(errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
      const query = `{ jobs { nodes { errors(after: ${JSON.stringify(after)}) { totalCount } } } }`;
      expect(JSON.stringify((await sluice.post('/graphql', { query })).body)).toContain('"code":"BAD_REQUEST"');
    }
  });

  it('continue after a record that has left the quarantine meanwhile', async () => {
    const first = (await sluice.query(ReadQuarantineDocument, { id, first: 2 })).dataset?.quarantine;
    const last = first?.nodes[1];
    await sluice.query(DiscardQuarantineDocument, { datasetId: id, ids: [last?.id ?? ''] });
    const after = first?.pageInfo.endCursor ?? '';
    const second = (await sluice.query(ReadQuarantineDocument, { id, after })).dataset?.quarantine;
    expect(second?.nodes.map(({ recordIndex }) => recordIndex)).toEqual([2]);
  });

  it('are empty if no status is requested', async () => {
    expect((await sluice.query(ListDatasetsDocument, { status: [] })).datasets).toMatchObject({
      nodes: [],
      totalCount: 0,
    });
    const { body } = await sluice.post('/graphql', { query: '{ jobs(status: []) { totalCount } }' });
    expect(body).toEqual({ data: { jobs: { totalCount: 0 } } });
  });
});
