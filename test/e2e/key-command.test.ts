import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storeEnv } from '../support/mongod.js';
import { runProgram } from '../support/service-process.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

describe('npm run key', () => {
  let sluice: Sluice;
  let dataset: string;
  beforeAll(async () => {
    sluice = await startSluice();
    dataset = await sluice.dataset({ n: 1 });
  });
  afterAll(() => sluice.close());

  const run = (...args: string[]) =>
    runProgram(['src/key.ts', ...args], { ...storeEnv(), MONGODB_URL: sluice.database.url });
  const push = async (secret: string) =>
    (await sluice.post(`/dataload/${dataset}`, [{ n: 3 }], { 'x-api-key': secret.trim() })).status;

  it('creates, lists, rotates and revokes keys', async () => {
    const made = await run('create', 'an importer', '--scope', 'PUSH', '--dataset', dataset);
    expect([made.code, await push(made.output)]).toEqual([0, 202]);
    const line = (await run('list')).output.split('\n').find((one) => one.includes('"an importer"')) ?? '';
    expect(line).toContain(`PUSH  ${dataset}  VALID  no end`);
    const [id = ''] = line.split('  ');
    const rotated = await run('rotate', id, '--overlap', '0');
    expect(await push(rotated.output)).toBe(202);
    await until('the end of the secret before', async () => (await push(made.output)) === 401);
    const revoked = await run('revoke', id);
    expect([revoked.code, revoked.output]).toEqual([0, '']);
    // Another process has revoked it, so it may push for a second.
    await until('the refusal', async () => (await push(rotated.output)) === 401);
    expect((await run('list')).output).toContain('REVOKED');
  });

  it.each([
    [['--help'], 0, /Usage: npm run key --/],
    [['create', '--help'], 0, /--scope <scopes...>/],
    [[], 1, /Usage: npm run key --/],
    [['create', 'x', '--scope', 'ALL'], 1, /Allowed choices are MANAGE, PUSH, READ/],
    [['create', 'x', '--expires', 'soon'], 1, /2027-01-31/],
    [['create', 'x', '--expires', '2001-01-31'], 1, /--expires is 2001-01-31\S+ which is over/],
    [['create', ' '], 1, /\n<name> /],
    [['create', 'x', '--dataset', 'nowhere'], 1, /\n--dataset is given, but a key with the scope MANAGE/],
    [['rotate', 'nowhere', '--overlap', '999999999'], 1, /\n--overlap is 999999999; give 0 to 2592000 seconds/],
    [['create', 'x', '--expires', '2999-02-31'], 1, /2027-01-31/],
    [['create', 'x', '--scope', 'PUSH', '--dataset', 'nowhere'], 1, /no dataset with the id "nowhere"/],
    [['revoke', 'nowhere'], 1, /no API key with the id "nowhere"/],
    [['an importer'], 1, /unknown command/],
  ])('with %j only says what to do', async (args, code, text) => {
    const before = await sluice.database.db.collection('api_keys').countDocuments();
    const ended = await run(...args);
    expect([ended.code, `${ended.output}${ended.errors}`]).toEqual([code, expect.stringMatching(text)]);
    expect(await sluice.database.db.collection('api_keys').countDocuments()).toBe(before);
  });
});
