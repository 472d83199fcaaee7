import { hash } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { ReadTransformationsDocument, type TransformationInput } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const SALT = 'a salt that must stay inside';
const OTHER = 'another salt that must stay inside';
const UPDATE = 'mutation ($id: ID!, $input: UpdateDesignInput!) { updateDesign(datasetId: $id, input: $input) { id } }';
const CHANGES = 'query ($id: ID!) { dataset(id: $id) { changes { path before after effect } } }';

const sha256 = (text: string) => hash('sha256', text, 'hex');

type Hash = NonNullable<TransformationInput['step']['hash']>;

describe('the salt of a hash', () => {
  const logged: string[] = [];
  let sluice: Sluice;
  beforeAll(async () => {
    const into = new Writable({ write: (line, _encoding, done) => done(void logged.push(String(line))) });
    sluice = await startSluice({}, pino({ level: 'trace' }, into));
  });
  afterAll(() => sluice.close());

  const hashing = (settings: Omit<Hash, 'column'>): TransformationInput => ({
    id: 'hashed',
    name: 'Hashed',
    output: { update: 'email' },
    step: { hash: { column: 'email', ...settings } },
  });

  async function hashOf(id: string): Promise<unknown> {
    return (await sluice.values(id))[0]?.email;
  }

  async function edit(id: string, settings: Omit<Hash, 'column'>): Promise<void> {
    await sluice.edit(id, { transformations: [hashing(settings)] });
    await sluice.apply(id);
  }

  async function post(query: string, variables: unknown) {
    return JSON.stringify((await sluice.post('/graphql', { query, variables })).body);
  }

  it('is used, kept by edits that do not give it, replaced and removed', async () => {
    const id = await sluice.dataset({ email: 'x' });
    await sluice.push(id, { email: 'ada@example.com' });
    await edit(id, { salt: SALT });
    expect(await hashOf(id)).toBe(sha256(`${SALT}ada@example.com`));
    await sluice.edit(id, { transformations: [{ ...hashing({}), name: 'Renamed' }] });
    await sluice.edit(id, { mismatchPolicy: 'QUARANTINE' });
    await sluice.apply(id);
    await sluice.edit(id, { transformations: [{ ...hashing({ saltSet: true }), onError: 'IGNORE' }] });
    await sluice.apply(id);
    expect(await hashOf(id)).toBe(sha256(`${SALT}ada@example.com`));
    await edit(id, { salt: OTHER });
    expect(await hashOf(id)).toBe(sha256(`${OTHER}ada@example.com`));
    await edit(id, { saltSet: false });
    expect(await hashOf(id)).toBe(sha256('ada@example.com'));
  });

  it('is shown by no design, change, error or log', async () => {
    const id = await sluice.dataset({ email: 'x' });
    await edit(id, { salt: SALT });
    await sluice.edit(id, { transformations: [hashing({ salt: OTHER })] });
    const { dataset } = await sluice.query(ReadTransformationsDocument, { id });
    expect(dataset?.design.transformations[0]?.step).toEqual({ hash: { column: 'email', saltSet: true } });
    expect(dataset?.changes).toEqual([{ path: '/transformations', effect: 'RELOAD', needsReload: true }]);
    const revision = dataset?.design.revision;
    const faulty = (step: unknown) =>
      post(UPDATE, { id, input: { expectedRevision: revision, transformations: [{ ...hashing({}), step }] } });
    const inline = (hash: string) =>
      `mutation { updateDesign(datasetId: "${id}", input: { expectedRevision: 1, transformations: [{ name: "x", step: { hash: { ${hash} } } }] }) { id } }`;
    const responses = [
      await post(CHANGES, { id }),
      await faulty({ hash: { salt: SALT } }),
      await faulty({ hash: { column: 'email', salt: SALT, sugar: 1 } }),
      await faulty({ hash: { column: 'email', salt: SALT }, trim: { column: 'email' } }),
      await faulty({ hash: { column: 'email', salt: [SALT] } }),
      await faulty({ hash: { column: 'email', salt: SALT.repeat(10) } }),
      await faulty({ hash: { column: 'gone', salt: SALT } }),
      await post(UPDATE, { id, input: { expectedRevision: 1, transformations: [hashing({ salt: SALT })] } }),
      await post(inline(`salt: "${SALT}"`), {}),
      await post(inline(`column: "email", salt: ["${SALT}"]`), {}),
      await post(inline(`column: "email", salt: "${SALT}", sugar: 1`), {}),
    ];
    expect(responses.slice(1).filter((response) => !response.includes('"errors"'))).toEqual([]);
    expect(responses[1]).toContain(
      'Variable \\"$input\\" has an invalid value at \\"input.transformations[0].step.hash',
    );
    expect(responses[4]).toContain('step.hash.salt\\"; ');
    expect(logged).not.toEqual([]);
    expect([...responses, ...logged].filter((text) => text.includes('must stay inside'))).toEqual([]);
  });

  it('is a fault where an edit says that there is one, and there is none', async () => {
    const id = await sluice.dataset({ email: 'x' });
    await expect(sluice.edit(id, { transformations: [hashing({ saltSet: true })] })).rejects.toThrow(
      'saltSet is true, and the step of this id has no salt; give the salt',
    );
  });
});
