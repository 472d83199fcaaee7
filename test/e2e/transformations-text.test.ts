import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReadJobErrorsDocument, type TransformationInput } from '../generated/graphql.js';
import { creates } from '../support/creates.js';
import { type Sluice, startSluice } from '../support/sluice.js';

type Step = TransformationInput['step'];

const update = (id: string, column: string, step: Step): TransformationInput => ({
  ...creates(id, step),
  output: { update: column },
});

describe('text transformations', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  const people = () =>
    sluice.dataset({ first: 'x', last: 'x', email: 'x', phone: 'x', tags: 'x', age: 1, born: '1815-12-10' });

  it('shape texts by the settings that they have, and by the defaults', async () => {
    const id = await people();
    await sluice.edit(id, {
      transformations: [
        update('trimmed', 'first', { trim: { column: 'first' } }),
        creates('name', { concatenate: { values: [{ column: 'first' }, { column: 'last' }], separator: ' ' } }),
        creates('lower', { lowercase: { column: 'name' } }),
        creates('upper', { uppercase: { column: 'name' } }),
        creates('initial', { substring: { column: 'first', start: 0, length: 1 } }),
        creates('list', { split: { column: 'tags', separator: ',' } }),
        creates('lastTag', { split: { column: 'tags', separator: ',', part: -1 } }),
        creates('line', { template: { template: '{{name}} ({{age}}), {{born}}' } }),
        creates('host', { extractText: { column: 'email', pattern: '@(.+)$' } }),
        update('spaced', 'last', {
          replaceText: { column: 'last', search: '(\\w+) +(\\w+)', mode: 'REGEX', replacement: '$1 $2' },
        }),
        update('masked', 'email', { mask: { column: 'email', mode: 'EMAIL', keepStart: 1 } }),
        update('dialed', 'phone', { mask: { column: 'phone', mode: 'PHONE', keepEnd: 2, character: 'x' } }),
      ],
    });
    await sluice.apply(id);
    await sluice.push(id, [
      {
        first: ' Ada ',
        last: 'Lovelace   King',
        email: 'ada@example.com',
        phone: '+44 20-7946',
        tags: 'math,code',
        age: 36.5,
        born: '1815-12-10',
      },
      { first: '𝒜da', last: null, email: null, phone: '1', tags: '', age: null, born: null },
    ]);
    expect(await sluice.values(id, 'last')).toMatchObject([
      {
        first: 'Ada',
        host: 'example.com',
        last: 'Lovelace King',
        name: 'Ada Lovelace   King',
        lower: 'ada lovelace   king',
        upper: 'ADA LOVELACE   KING',
        initial: 'A',
        list: ['math', 'code'],
        lastTag: 'code',
        line: 'Ada Lovelace   King (36.5), 1815-12-10T00:00:00.000Z',
        email: 'a**@example.com',
        phone: '+xx xx-xx46',
      },
      {
        first: '𝒜da',
        name: '𝒜da',
        lower: '𝒜da',
        upper: '𝒜DA',
        initial: '𝒜',
        list: [''],
        lastTag: '',
        line: null,
        email: null,
        host: null,
        phone: 'x',
      },
    ]);
  });

  it('refuse the record, keep what was there or put a value in its place if there are too many parts', async () => {
    const id = await people();
    const split: Step = { split: { column: 'tags', separator: ',' } };
    await sluice.edit(id, {
      mismatchPolicy: 'QUARANTINE',
      transformations: [
        creates('ignored', split, { onError: 'IGNORE' }),
        creates('replaced', split, { onError: 'REPLACE_VALUE', replaceWith: [] }),
        creates('rejects', { split: { column: 'last', separator: ',' } }),
      ],
    });
    await sluice.apply(id);
    const many = ','.repeat(10_000);
    const rest = { first: 'x', email: 'x', phone: 'x', age: 1, born: null };
    const job = await sluice.push(id, [
      { ...rest, tags: many, last: 'a,b' },
      { ...rest, tags: '', last: many },
    ]);
    expect(job).toMatchObject({ status: 'COMPLETE', counts: { added: 1, failed: 1 } });
    expect(await sluice.values(id)).toMatchObject([{ ignored: null, replaced: [], rejects: ['a', 'b'] }]);
    const { job: found } = await sluice.query(ReadJobErrorsDocument, { id: job.id });
    expect(found?.errors.nodes).toMatchObject([
      {
        recordIndex: 1,
        step: 'rejects',
        code: 'TRANSFORMATION_FAILED',
        message: expect.stringContaining('10000 elements'),
      },
    ]);
  });
});
