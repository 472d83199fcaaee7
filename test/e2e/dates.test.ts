import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  type ColumnPatchInput,
  DeleteDataDocument,
  ReadDatasetDocument,
  ReadRecordsDocument,
  UpdateDesignDocument,
} from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const instant = '2024-05-31T15:04:05.500Z';
/** One instant in spellings that a DATETIME column takes. */
const SPELLINGS = [
  '2024-05-31T15:04:05.5Z',
  '2024-05-31t15:04:05.5z',
  '2024-05-31 15:04:05,5',
  '20240531T150405,5Z',
  '20240531T170405.5001+0200',
];

describe('dates', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function datasetOf(sample: unknown, columns: ColumnPatchInput[]): Promise<string> {
    const id = await sluice.dataset(sample);
    await sluice.edit(id, { columns });
    await sluice.apply(id);
    return id;
  }

  async function design(id: string) {
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    if (!dataset) throw new Error(`there is no dataset ${id}`);
    return dataset;
  }

  it('are the same value in every spelling of ISO 8601, in pushes, identifiers, filters and deletes', async () => {
    const id = await datasetOf({ at: '2024-01-01', n: 1 }, [{ id: 'at', uniqueIdentifier: true }]);
    const job = await sluice.push(id, [
      ...SPELLINGS.map((at, n) => ({ at, n })),
      { at: '2016-12-31T23:59:60Z', n: 10 },
      { at: '20161231T2400', n: 11 },
    ]);
    expect([job.status, job.counts.read]).toEqual(['COMPLETE', SPELLINGS.length + 2]);
    expect(await sluice.values(id, 'at')).toEqual([
      { at: '2017-01-01T00:00:00.000Z', n: 11 },
      { at: instant, n: SPELLINGS.length - 1 },
    ]);
    for (const value of SPELLINGS) {
      const where = { column: 'at', op: 'EQ' as const, value };
      const { dataset } = await sluice.query(ReadRecordsDocument, { id, where });
      expect(dataset?.records.nodes.map(({ values }) => values)).toEqual([{ at: instant, n: SPELLINGS.length - 1 }]);
    }
    const input = { datasetId: id, data: [{ at: '20240531T150405,500' }], waitSeconds: 60 };
    expect((await sluice.query(DeleteDataDocument, { input })).deleteData.counts.deleted).toBe(1);
  });

  it('that are refused get a message that says what is wrong', async () => {
    const id = await sluice.dataset({ at: '2024-01-01' });
    const given = ['2024-W22-5', '2023-02-29', '20240531T2500', '2024-05-31T10:00:60Z', '2024-05-31T10:00+24'];
    const job = await sluice.push(
      id,
      given.map((at) => ({ at })),
    );
    expect(job.errors.nodes.map(({ message }) => message)).toEqual([
      expect.stringContaining('/at: "2024-W22-5" is not spelled YYYY-MM-DD or YYYYMMDD, alone or with a time'),
      expect.stringContaining('has a day that the calendar does not have'),
      expect.stringContaining('has a time that no clock shows'),
      expect.stringContaining('has a time that no clock shows'),
      expect.stringContaining('has an offset from UTC beyond 23:59'),
    ]);
    const where = { column: 'at', op: 'EQ' as const, value: '2024-W22-5' };
    const { errors } = await sluice.execute(ReadRecordsDocument, { id, where });
    expect(errors?.[0]?.message).toContain('where.value is "2024-W22-5"; give a text with an existing date');
  });

  it('in a sample give TEXT if only pushes may use their spelling', async () => {
    const id = await sluice.dataset({ a: '20240101', b: '2024-01-01T24:00', c: '2024-01-01t00:00z', d: '2024-01-01' });
    const { columns } = (await design(id)).design;
    expect(columns.map(({ type }) => type)).toEqual(['TEXT', 'TEXT', 'TEXT', 'DATETIME']);
  });

  it('are read by weekday, RFC 2822, microseconds and nanoseconds', async () => {
    const sample = { day: 'x', mail: 'x', micros: 1, nanos: 1_700_000_000_123_456_789n.toString() };
    const id = await datasetOf(sample, [
      { id: 'day', type: 'DATETIME', inputFormat: 'dddd, D MMMM YYYY' },
      { id: 'mail', type: 'DATETIME', inputFormat: 'RFC_2822' },
      { id: 'micros', type: 'DATETIME', inputFormat: 'EPOCH_MICROSECONDS' },
      { id: 'nanos', type: 'DATETIME', inputFormat: 'EPOCH_NANOSECONDS' },
    ]);
    const mail = 'Fri, 31 May 2024 15:04:05 GMT';
    const record = { day: 'Friday, 31 May 2024', mail, micros: 1_700_000_000_123_999, nanos: '1700000000123999999' };
    expect((await sluice.push(id, record)).status).toBe('COMPLETE');
    expect(await sluice.values(id)).toEqual([
      {
        day: '2024-05-31T00:00:00.000Z',
        mail: '2024-05-31T15:04:05.000Z',
        micros: '2023-11-14T22:13:20.123Z',
        nanos: '2023-11-14T22:13:20.123Z',
      },
    ]);
    const wrong = await sluice.push(id, { ...record, day: 'Monday, 31 May 2024' });
    expect(wrong.errors.nodes.map(({ pointer }) => pointer)).toEqual(['/day']);
  });

  it('in nanoseconds keep every digit of numbers that a double cannot hold', async () => {
    const id = await datasetOf('{"nanos": 1700000000123456789}', [
      { id: 'nanos', type: 'DATETIME', inputFormat: 'EPOCH_NANOSECONDS' },
    ]);
    await sluice.push(id, '[{"nanos": 1700000000123999999}, {"nanos": -1}, {"nanos": 253402300799999999999}]');
    const instants = ['1969-12-31T23:59:59.999Z', '2023-11-14T22:13:20.123Z', '9999-12-31T23:59:59.999Z'];
    expect(await sluice.values(id, 'nanos')).toEqual(instants.map((nanos) => ({ nanos })));
  });

  it('without an offset are local time of the column; a reload applies that to stored rows', async () => {
    const id = await datasetOf({ at: '2024-01-01', day: '31/12/2024' }, [
      { id: 'day', type: 'DATETIME', inputFormat: 'DD/MM/YYYY' },
    ]);
    await sluice.push(id, { at: '2024-07-01 12:00', day: '01/07/2024' });
    const inputTimeZone = 'America/New_York';
    await sluice.edit(id, { columns: ['at', 'day'].map((column) => ({ id: column, inputTimeZone })) });
    const pending = await design(id);
    expect(pending.design.columns.map((column) => column.inputTimeZone)).toEqual([inputTimeZone, inputTimeZone]);
    expect(pending.changes).toEqual(
      ['at', 'day'].map((column) => ({
        path: `/columns/${column}/inputTimeZone`,
        before: null,
        after: inputTimeZone,
        effect: 'RELOAD',
        needsReload: true,
      })),
    );
    expect(await sluice.apply(id)).toMatchObject({ kind: 'RELOAD', status: 'COMPLETE' });
    await sluice.push(id, { at: '2024-07-01 12:00Z', day: '01/01/2024' });
    expect(await sluice.values(id, 'at')).toEqual([
      { at: '2024-07-01T12:00:00.000Z', day: '2024-01-01T05:00:00.000Z' },
      { at: '2024-07-01T16:00:00.000Z', day: '2024-07-01T04:00:00.000Z' },
    ]);
  });

  it('have another identity in another time zone', async () => {
    const id = await datasetOf({ at: '2024-01-01', n: 1 }, [{ id: 'at', uniqueIdentifier: true }]);
    await sluice.push(id, [
      { at: '2024-01-01 00:00', n: 1 },
      { at: '2024-01-01 05:00Z', n: 2 },
    ]);
    await sluice.edit(id, { columns: [{ id: 'at', inputTimeZone: 'America/New_York' }] });
    await sluice.apply(id);
    expect(await sluice.values(id)).toEqual([{ at: '2024-01-01T05:00:00.000Z', n: 2 }]);
    await sluice.push(id, { at: '20240101', n: 3 });
    expect(await sluice.values(id)).toEqual([{ at: '2024-01-01T05:00:00.000Z', n: 3 }]);
  });

  it.each<[string, ColumnPatchInput, string]>([
    [
      'is not the name of a zone',
      { id: 'at', inputTimeZone: 'Berlin' },
      '"Berlin" is not a time zone; give a name of the IANA',
    ],
    ['is an abbreviation', { id: 'at', inputTimeZone: 'IST' }, '"IST" is not a time zone'],
    ['is for no date', { id: 'text', inputTimeZone: 'UTC' }, 'it is for columns of type DATETIME; this one is TEXT'],
    [
      'is not needed',
      { id: 'text', type: 'DATETIME', inputFormat: 'RFC_2822', inputTimeZone: 'Asia/Tokyo' },
      'dates in the format RFC_2822 have an offset and need no time zone; clear it',
    ],
  ])('refuse a time zone that %s', async (_what, patch, message) => {
    const datasetId = await sluice.dataset({ at: '2024-01-01', text: 'x' });
    const { revision } = (await design(datasetId)).design;
    const input = { expectedRevision: revision, columns: [patch] };
    const { errors } = await sluice.execute(UpdateDesignDocument, { datasetId, input });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID_DESIGN',
      faults: [{ column: patch.id, field: 'inputTimeZone', message: expect.stringContaining(message) }],
    });
    expect((await sluice.execute(ApplyChangesDocument, { datasetId })).errors).toBeUndefined();
  });
});
