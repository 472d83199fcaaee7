import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TransformationInput } from '../generated/graphql.js';
import { creates } from '../support/creates.js';
import { type Sluice, startSluice } from '../support/sluice.js';

type Step = TransformationInput['step'];

describe('conversions', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  it('give typed columns, and treat what cannot be converted as they are told', async () => {
    const id = await sluice.dataset({ amount: 'x', paid: 'x', day: 'x', at: '2024-01-01T00:00:00Z', tags: ['x'] });
    const amount: Step = { toNumber: { column: 'amount' } };
    await sluice.edit(id, {
      mismatchPolicy: 'QUARANTINE',
      transformations: [
        creates('ignored', amount, { onError: 'IGNORE' }),
        creates('replaced', amount, { onError: 'REPLACE_VALUE', replaceWith: -1 }),
        creates('is_paid', { toBoolean: { column: 'paid' } }),
        creates('date', { toDate: { column: 'day', format: 'DD.MM.YYYY', timeZone: 'Europe/Berlin' } }),
        creates('month', { toText: { column: 'at', format: 'MMM YYYY', timeZone: 'Asia/Tokyo' } }),
        creates('shown', { toText: { column: 'replaced', format: '#,##0.00' } }),
        creates('tag_text', { toText: { column: 'tags' } }),
        creates('first', { coalesce: { values: [{ column: 'ignored' }, { constant: 0 }] } }),
      ],
    });
    await sluice.apply(id);
    const at = '2024-12-31T15:00:00Z';
    const job = await sluice.push(id, [
      { amount: '1234.5', paid: 'yes', day: '31.05.2024', at, tags: ['a', null] },
      { amount: 'many', paid: null, day: null, at: null, tags: [] },
      { amount: '1', paid: 'perhaps', day: null, at: null, tags: [] },
      { amount: '1', paid: null, day: '30.02.2024', at: null, tags: [] },
    ]);
    expect(job).toMatchObject({ status: 'COMPLETE', counts: { added: 2, failed: 2 } });
    const rows = await sluice.values(id, 'ignored');
    expect(rows).toMatchObject([
      {
        ignored: 1234.5,
        replaced: 1234.5,
        is_paid: true,
        date: '2024-05-30T22:00:00.000Z',
        month: 'Jan 2025',
        shown: '1,234.50',
        tag_text: '["a",null]',
        first: 1234.5,
      },
      { ignored: null, replaced: -1, is_paid: null, date: null, month: null, shown: '-1.00', tag_text: '[]', first: 0 },
    ]);
    expect(job.errors.nodes.map(({ message }) => message)).toEqual([
      expect.stringContaining('step "is_paid": "perhaps" is neither true nor false'),
      expect.stringContaining('step "date": "30.02.2024" is not a date; write it as DD.MM.YYYY'),
    ]);
  });
});
