import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReadDatasetDocument, ReadRecordsDocument } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

/** Names that mean something to a database, a JavaScript object or a path, and here are just data. */
const SAMPLE =
  '{"__proto__": {"constructor": "x"}, "constructor": 1, "a.b": {"$set": true, "": "e"}, "$where": "w", "😀": "s", "c1": "one"}';

describe('odd names', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  it('are columns like any other: declared, loaded, filtered and read back', async () => {
    const id = await sluice.dataset(SAMPLE);
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    const ids = dataset?.design.columns.filter((column) => column.enabled).map((column) => column.id);
    expect(ids).toEqual(['__proto__.constructor', 'constructor', 'a\\.b.$set', 'a\\.b.', '$where', '😀', 'c1']);

    expect((await sluice.push(id, SAMPLE)).status).toBe('COMPLETE');
    const where = {
      and: [
        { column: '__proto__.constructor', op: 'EQ' as const, value: 'x' },
        { column: '😀', op: 'EQ' as const, value: 's' },
      ],
    };
    const { dataset: read } = await sluice.query(ReadRecordsDocument, { id, where, orderBy: [{ column: '$where' }] });
    expect(read?.records.nodes[0]?.values).toEqual({
      '__proto__.constructor': 'x',
      constructor: 1,
      'a\\.b.$set': true,
      'a\\.b.': 'e',
      $where: 'w',
      '😀': 's',
      c1: 'one',
    });
  });

  it('that are empty or blank become columns with a visible name', async () => {
    const id = await sluice.dataset({ '': 1, ' ': { '': 'x' } });
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    expect(dataset?.design.columns.map((column) => [column.id, column.name])).toEqual([
      ['', '(empty)'],
      [' ', '(empty) (2)'],
      [' .', ' .'],
    ]);
    await sluice.edit(id, { columns: [{ id: '', uniqueIdentifier: true, name: null }] });
    await sluice.apply(id);
    const pushed = [
      { '': 2, ' ': { '': 'y' } },
      { '': 1, ' ': null },
    ];
    expect((await sluice.push(id, pushed)).status).toBe('COMPLETE');
    expect(await sluice.values(id, '')).toEqual([
      { '': 1, ' .': null },
      { '': 2, ' .': 'y' },
    ]);
    const where = { column: '', op: 'EQ' as const, value: 2 };
    const { dataset: found } = await sluice.query(ReadRecordsDocument, { id, where });
    expect(found?.records.nodes.map(({ values }) => values)).toEqual([{ '': 2, ' .': 'y' }]);
  });

  it('of 10,000 characters are ordinary data', async () => {
    const name = 'n'.repeat(10_000);
    const id = await sluice.dataset({ [name]: { [name]: 1 } });
    expect((await sluice.push(id, { [name]: { [name]: 2 } })).status).toBe('COMPLETE');
    const bad = await sluice.push(id, { [name]: { [`${name}x`]: 2 } });
    expect(bad.errors.nodes.map((error) => error.code)).toEqual(['MISSING_KEY', 'UNKNOWN_KEY']);
  });

  it('that the sample lacks are mismatches, and do not change an object', async () => {
    const id = await sluice.dataset({ a: 1 });
    const job = await sluice.push(id, '[{"a": 1, "__proto__": {"polluted": true}}, {"a": 1, "constructor": 2}]');
    expect(job.errors.nodes.map((error) => [error.pointer, error.code])).toEqual([
      ['/__proto__', 'UNKNOWN_KEY'],
      ['/constructor', 'UNKNOWN_KEY'],
    ]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('and values with half of a surrogate pair are mismatches with the place', async () => {
    const id = await sluice.dataset({ t: 'x' });
    const job = await sluice.push(id, '[{"t": "ok 😀"}, {"t": "\\ud83d"}]');
    expect(job.errors.nodes).toMatchObject([
      { recordIndex: 1, pointer: '/t', code: 'INVALID_TEXT', actual: '"\\ud83d"' },
    ]);
    const key = await sluice.push(id, '{"t": "x", "\\ud83d": 1}');
    expect(key.errors.nodes).toMatchObject([{ code: 'UNKNOWN_KEY', pointer: '/\ufffd' }]);
  });
});
