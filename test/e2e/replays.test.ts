import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateDatasetDocument,
  DeleteDataDocument,
  ReadQuarantineDocument,
  ReplayQuarantineDocument,
} from '../generated/graphql.js';
import { type FinalJob, type Sluice, startSluice } from '../support/sluice.js';

const MAX_PAYLOAD = 20_000;
const LARGE = 'x'.repeat(8_000);

describe('replays of quarantined records', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_MAX_PAYLOAD_BYTES: String(MAX_PAYLOAD) });
  });
  afterAll(() => sluice.close());

  /** Records are known by `k`; those whose `n` is not a number are refused until `correctDesign`. */
  async function dataset(): Promise<string> {
    const sample = { k: 'a', n: '1', v: 1 };
    const input = { name: 'r', sample, apply: true, mismatchPolicy: 'QUARANTINE' as const };
    const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    await sluice.edit(id, {
      columns: [
        { id: 'k', uniqueIdentifier: true },
        { id: 'n', type: 'NUMERIC' },
      ],
    });
    await sluice.apply(id);
    return id;
  }
  async function correctDesign(id: string): Promise<void> {
    await sluice.edit(id, { columns: [{ id: 'n', type: 'TEXT' }] });
    await sluice.apply(id);
  }
  async function kept(id: string, first: number, after?: string | null) {
    const { dataset: found } = await sluice.query(ReadQuarantineDocument, { id, first, after: after ?? null });
    if (!found) throw new Error('there is no such dataset');
    return found.quarantine;
  }
  async function replay(datasetId: string, ids?: string[]): Promise<FinalJob> {
    const { replayQuarantine } = await sluice.query(ReplayQuarantineDocument, { datasetId, ...(ids && { ids }) });
    return sluice.finalJob(replayQuarantine.id);
  }

  it('apply records in the order in which they were pushed, whatever the order of their ids in the request', async () => {
    const id = await dataset();
    const job = await sluice.push(
      id,
      Array.from({ length: 12 }, (_, v) => ({ k: v === 2 || v === 10 ? 'a' : `b${v}`, n: v % 8 === 2 ? 'x' : '1', v })),
    );
    await correctDesign(id);
    expect(await replay(id, [`${job.id}:2`, `${job.id}:10`])).toMatchObject({ counts: { added: 1, updated: 1 } });
    expect((await sluice.values(id, 'k'))[0]).toEqual({ k: 'a', n: 'x', v: 10 });
  });

  it('apply a record with the deepest allowed nesting, and block nothing after them', async () => {
    const id = await dataset();
    await sluice.edit(id, { columns: [{ id: 'v', undetermined: true }] });
    await sluice.apply(id);
    const deep = `${'['.repeat(999)}${']'.repeat(999)}`;
    expect((await sluice.push(id, `{"k": "deep", "n": "x", "v": ${deep}}`)).status).toBe('ERROR_EXIT');
    await correctDesign(id);
    expect(await replay(id)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
    expect((await sluice.push(id, [{ k: 'after', n: '1', v: 1 }])).status).toBe('COMPLETE');
    expect(await sluice.values(id, 'k')).toEqual([
      { k: 'after', n: '1', v: '1' },
      { k: 'deep', n: 'x', v: deep },
    ]);
  });

  it('do not bring back a record that was deleted after it was pushed, even if a reload came in between', async () => {
    const id = await dataset();
    await sluice.push(id, [
      { k: 'a', n: 'x', v: 1 },
      { k: 'b', n: 'x', v: 1 },
    ]);
    await sluice.push(id, { k: 'a', n: '2', v: 2 });
    const input = { datasetId: id, data: [{ k: 'a' }], waitSeconds: 60 };
    expect((await sluice.query(DeleteDataDocument, { input })).deleteData.counts).toMatchObject({ deleted: 1 });
    await correctDesign(id);
    expect(await replay(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 2, added: 1, unchanged: 1 } });
    expect(await sluice.values(id)).toEqual([{ k: 'b', n: 'x', v: 1 }]);
    expect((await kept(id, 10)).nodes).toMatchObject([{ recordIndex: 0, superseded: true }]);
  });

  it('read no more at a time than one payload may have, and say so', async () => {
    const id = await dataset();
    for (let v = 0; v < 5; v += 1) await sluice.push(id, { k: `k${v}`, n: LARGE, v });
    const ids: string[] = [];
    const sizes: number[] = [];
    for (let after: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof kept>> = await kept(id, 100, after);
      ids.push(...page.nodes.map((node) => node.id));
      sizes.push(page.nodes.length);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect([ids.length, sizes]).toEqual([5, [2, 2, 1]]);
    await correctDesign(id);
    const refused = await sluice.execute(ReplayQuarantineDocument, { datasetId: id, ids });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', field: 'ids' });
    expect(refused.errors?.[0]?.message).toContain('replay fewer at a time');
    expect(await replay(id, ids.slice(3))).toMatchObject({ status: 'COMPLETE', counts: { read: 2, added: 2 } });
    expect(await replay(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 2, added: 2 } });
    expect(await replay(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 1, added: 1 } });
    expect((await kept(id, 1)).totalCount).toBe(0);
    expect((await sluice.values(id, 'k')).map(({ v }) => v)).toEqual([0, 1, 2, 3, 4]);
  });
});
