import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReadDatasetDocument } from '../generated/graphql.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

const ODD = {
  id: `it's "quoted" \\ back\\\\slash $HOME \`id\` $(id) %s !x`,
  'ключ 😀': 'line\nline\ttab\u0001',
  SLUICE_BODY: 'SLUICE_BODY',
  place: { 'a.b': 1.5, __proto__: 'x', 'c"d\'e': null },
};

describe('push instructions', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  /** The output of a shell and a real curl. */
  async function run(
    command: string | null | undefined,
    env: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    if (!command) throw new Error('there is no such command');
    const shell = { env: { PATH: process.env.PATH, API_KEY, ...env } };
    const { stdout } = await promisify(execFile)('bash', ['-c', command.replace('curl ', 'curl --silent ')], shell);
    return JSON.parse(stdout);
  }
  async function instructions(id: string) {
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    if (!dataset) throw new Error(`there is no dataset ${id}`);
    return dataset.pushInstructions;
  }

  it('run unchanged in a shell: post, status, delete, delete all', async () => {
    const id = await sluice.dataset(ODD);
    await sluice.edit(id, { columns: ['id', 'place.a\\.b'].map((column) => ({ id: column, uniqueIdentifier: true })) });
    await sluice.apply(id);
    expect(await instructions(id)).toMatchObject({ deleteAllData: null });
    const { jobId } = await run((await instructions(id)).postData);
    expect(await sluice.finalJob(String(jobId))).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
    const { status, deleteData, deleteAllData } = await instructions(id);
    expect(await run(status, { JOB_ID: String(jobId) })).toMatchObject({ statusJob: { jobId, status: 'Complete' } });
    expect(await sluice.values(id)).toEqual([
      { id: ODD.id, 'ключ 😀': ODD['ключ 😀'], SLUICE_BODY: 'SLUICE_BODY', 'place.a\\.b': 1.5, 'place.c"d\'e': null },
    ]);
    expect(await sluice.finalJob(String((await run(deleteData)).jobId))).toMatchObject({ counts: { deleted: 1 } });
    await run((await instructions(id)).postData);
    expect(await sluice.finalJob(String((await run(deleteAllData)).jobId))).toMatchObject({
      kind: 'DELETE_ALL',
      counts: { deleted: 1 },
    });
  });

  it('contain the applied sample, and say why a command is missing', async () => {
    const id = await sluice.dataset([
      { k: 1, n: 'x' },
      { k: null, n: 'y' },
    ]);
    const first = await instructions(id);
    expect([first.deleteData, first.deleteAllData]).toEqual([null, null]);
    expect(first.notes).toEqual([
      expect.stringMatching(/no Delete Data command: mark at least one column as unique identifier and apply/),
      expect.stringMatching(/no Delete All Data command: the dataset holds no records yet/),
      expect.stringMatching(/1 MB.*100 at a time/),
    ]);
    await sluice.edit(id, { columns: [{ id: 'k', uniqueIdentifier: true }] });
    expect((await instructions(id)).deleteData).toBeNull();
    await sluice.apply(id);
    const { deleteData, postData } = await instructions(id);
    expect(postData).toContain('"data":[{"k":1,"n":"x"},{"k":null,"n":"y"}]');
    expect(deleteData).toContain(`{"datasetId":"${id}","data":[{"k":1}]}`);
  });
});
