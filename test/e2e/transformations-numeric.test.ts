import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReadJobErrorsDocument } from '../generated/graphql.js';
import { creates } from '../support/creates.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const n = { column: 'n' };

describe('numeric steps', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  it('round, cut, and take logarithms and powers of what is pushed', async () => {
    const id = await sluice.dataset({ key: 'x', n: 1.5, m: 1.5 });
    await sluice.edit(id, {
      transformations: [
        creates('nearest', { round: { ...n, decimals: 2 } }),
        creates('up', { round: { ...n, mode: 'UP' } }),
        creates('down', { round: { ...n, mode: 'DOWN' } }),
        creates('floor', { floor: n }),
        creates('ceil', { ceil: n }),
        creates('absolute', { absolute: n }),
        creates('ln', { ln: { column: 'absolute' } }),
        creates('log', { log: { column: 'absolute' } }),
        creates('log2', { log: { column: 'absolute', base: 2 } }),
        creates('power', { power: { base: n, exponent: { constant: 2 } } }),
        { ...creates('update', { floor: { column: 'm' } }), output: { update: 'm' } },
      ],
    });
    await sluice.apply(id);
    await sluice.push(id, [
      { key: 'a', n: 1.005, m: 7.9 },
      { key: 'b', n: -2.5, m: -7.9 },
      { key: 'c', n: null, m: null },
    ]);
    const rows = await sluice.values(id, 'key');
    const { ln: lnA, log: logA, log2: log2A, power, ...a } = rows[0] ?? {};
    expect(a).toEqual({ key: 'a', n: 1.005, m: 7, nearest: 1.01, up: 2, down: 1, floor: 1, ceil: 2, absolute: 1.005 });
    expect([lnA, logA, log2A, power]).toEqual([Math.log(1.005), Math.log10(1.005), Math.log2(1.005), 1.005 ** 2]);
    expect(rows[1]).toMatchObject({ m: -8, nearest: -2.5, up: -3, down: -2, floor: -3, ceil: -2, absolute: 2.5 });
    expect(rows[1]).toMatchObject({ power: 6.25 });
    const { key, ...nulls } = rows[2] ?? {};
    expect([key, new Set(Object.values(nulls))]).toEqual(['c', new Set([null])]);
  });

  it('treat a number without a logarithm, and a power that no double holds, as they are told', async () => {
    const id = await sluice.dataset({ key: 'x', n: 1.5 });
    await sluice.edit(id, {
      mismatchPolicy: 'QUARANTINE',
      transformations: [
        creates('ignored', { ln: n }, { onError: 'IGNORE' }),
        creates('replaced', { log: n }, { onError: 'REPLACE_VALUE', replaceWith: -1 }),
        { ...creates('kept', { ln: n }, { onError: 'IGNORE' }), output: { update: 'n' } },
        creates('rejects', { power: { base: n, exponent: { constant: 400 } } }),
      ],
    });
    await sluice.apply(id);
    const job = await sluice.push(id, [
      { key: 'a', n: -2 },
      { key: 'b', n: 1e300 },
      { key: 'c', n: 0 },
    ]);
    expect(job).toMatchObject({ status: 'COMPLETE', counts: { added: 2, failed: 1 } });
    expect(await sluice.values(id, 'key')).toEqual([
      { key: 'a', n: -2, ignored: null, replaced: -1, rejects: 2 ** 400 },
      { key: 'c', n: 0, ignored: null, replaced: -1, rejects: 0 },
    ]);
    const { job: found } = await sluice.query(ReadJobErrorsDocument, { id: job.id });
    expect(found?.errors.nodes).toMatchObject([
      { recordIndex: 1, column: 'rejects', step: 'rejects', code: 'TRANSFORMATION_FAILED' },
    ]);
    expect(found?.errors.nodes[0]?.message).toBe('step "rejects": the result is Infinity, which a column cannot store');
  });
});
