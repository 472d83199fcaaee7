import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReadJobErrorsDocument, type StepInput } from '../generated/graphql.js';
import { creates } from '../support/creates.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const column = 'at';

describe('date steps', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  it('move, cut, measure and take apart what is pushed, in the time zone that they are given', async () => {
    const id = await sluice.dataset({ key: 'x', at: '2024-01-01T00:00:00Z', until: '2024-01-01T00:00:00Z', days: 1 });
    const timeZone = 'Europe/Berlin';
    await sluice.edit(id, {
      transformations: [
        creates('due', { addTime: { column, amount: { constant: 1 }, unit: 'MONTH', timeZone } }),
        creates('before', { subtractTime: { column, amount: { column: 'days' }, unit: 'DAY' } }),
        creates('whole', { dateDifference: { from: { column }, to: { column: 'until' }, unit: 'DAY' } }),
        creates('exact', {
          dateDifference: { from: { column }, to: { constant: '2024-02-01' }, unit: 'DAY', fractional: true },
        }),
        creates('hour', { extractDatePart: { column, part: 'HOUR', timeZone } }),
        creates('week', { extractDatePart: { column, part: 'WEEK' } }),
        creates('month', { truncateDate: { column, unit: 'MONTH', timeZone } }),
        creates('local', { changeTimeZone: { column, to: timeZone } }),
        { ...creates('cut', { truncateDate: { column: 'until', unit: 'DAY' } }), output: { update: 'until' } },
        creates('saved', { now: {} }),
        creates('savedOn', { now: { truncateTo: 'DAY' } }),
      ],
    });
    await sluice.apply(id);
    const begin = Date.now();
    await sluice.push(id, [
      { key: 'a', at: '2024-01-31T12:00:00Z', until: '2024-02-03T11:00:00Z', days: 31 },
      { key: 'b', at: null, until: null, days: null },
    ]);
    const [{ saved, savedOn, ...a } = {}, { saved: _saved, savedOn: _savedOn, key, ...nulls } = {}] =
      await sluice.values(id, 'key');
    expect(a).toEqual({
      key: 'a',
      at: '2024-01-31T12:00:00.000Z',
      until: '2024-02-03T00:00:00.000Z',
      days: 31,
      due: '2024-02-29T12:00:00.000Z',
      before: '2023-12-31T12:00:00.000Z',
      whole: 2,
      exact: 0.5,
      hour: 13,
      week: 5,
      month: '2023-12-31T23:00:00.000Z',
      local: '2024-01-31T13:00:00.000Z',
    });
    expect([key, new Set(Object.values(nulls))]).toEqual(['b', new Set([null])]);
    expect(Date.parse(String(saved))).toBeGreaterThanOrEqual(begin);
    expect(Date.parse(String(saved))).toBeLessThanOrEqual(Date.now());
    expect(savedOn).toBe(`${String(saved).slice(0, 10)}T00:00:00.000Z`);
    await sluice.edit(id, { transformations: [creates('saved', { now: {} })] });
    expect(await sluice.apply(id)).toMatchObject({ kind: 'RELOAD', status: 'COMPLETE' });
    expect((await sluice.values(id, 'key')).map((row) => row.saved)).toEqual([saved, saved]);
  });

  it('treat a date that would leave the calendar, and an amount that is no whole number, as they are told', async () => {
    const id = await sluice.dataset({ key: 'x', at: '2024-01-01T00:00:00Z', n: 1.5 });
    const later: StepInput = { addTime: { column, amount: { column: 'n' }, unit: 'YEAR' } };
    await sluice.edit(id, {
      mismatchPolicy: 'QUARANTINE',
      transformations: [
        creates('ignored', later, { onError: 'IGNORE' }),
        creates('replaced', later, { onError: 'REPLACE_VALUE', replaceWith: '9999-12-31' }),
        { ...creates('kept', later, { onError: 'IGNORE' }), output: { update: 'at' } },
        creates('rejects', { addTime: { column, amount: { column: 'n' }, unit: 'DAY' } }),
      ],
    });
    await sluice.apply(id);
    const job = await sluice.push(id, [
      { key: 'a', at: '2024-01-01T00:00:00Z', n: 8000 },
      { key: 'b', at: '2024-01-01T00:00:00Z', n: 1.5 },
    ]);
    expect(job).toMatchObject({ status: 'COMPLETE', counts: { added: 1, failed: 1 } });
    expect(await sluice.values(id)).toEqual([
      {
        key: 'a',
        at: '2024-01-01T00:00:00.000Z',
        n: 8000,
        ignored: null,
        replaced: '9999-12-31T00:00:00.000Z',
        rejects: '2045-11-26T00:00:00.000Z',
      },
    ]);
    const { job: found } = await sluice.query(ReadJobErrorsDocument, { id: job.id });
    expect(found?.errors.nodes).toMatchObject([
      { recordIndex: 1, column: 'rejects', step: 'rejects', code: 'TRANSFORMATION_FAILED' },
    ]);
    expect(found?.errors.nodes[0]?.message).toBe(
      'step "rejects": the amount is 1.5; a DAY is not divided, so give a whole number',
    );
  });
});
