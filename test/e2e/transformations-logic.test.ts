import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TransformationInput } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

type Step = TransformationInput['step'];

const creates = (id: string, step: Step, more: Partial<TransformationInput> = {}): TransformationInput => ({
  id,
  name: id,
  output: { create: id },
  step,
  ...more,
});

describe('logic', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  it('chooses by the first condition that matches the columns as the steps before have left them', async () => {
    const id = await sluice.dataset({ price: 1.5, quantity: 1, code: 'x' });
    await sluice.edit(id, {
      transformations: [
        creates('total', { multiply: { operands: [{ column: 'price' }, { column: 'quantity' }] } }),
        creates('size', {
          ifElse: {
            branches: [
              { where: { column: 'total', op: 'IS_NULL' } },
              { where: { column: 'total', op: 'GTE', value: 100 }, value: { constant: 'big' } },
            ],
            else: { column: 'code' },
          },
        }),
        creates('label', { coalesce: { values: [{ column: 'size' }, { constant: 'unknown' }] } }),
      ],
    });
    await sluice.apply(id);
    await sluice.push(id, [
      { price: 50, quantity: 2, code: 'a' },
      { price: 1, quantity: 2, code: 'b' },
      { price: null, quantity: 2, code: 'c' },
    ]);
    const rows = await sluice.values(id, 'code');
    expect(rows.map(({ total, size, label }) => [total, size, label])).toEqual([
      [100, 'big', 'big'],
      [2, 'b', 'b'],
      [null, null, 'unknown'],
    ]);
  });

  it('keeps every digit of a number in a condition', async () => {
    const id = await sluice.dataset({ code: 'x' });
    // 2^53 + 1, which no double holds; variables of this test would round it.
    const where = '{ column: "code", op: EQ, value: 9007199254740993 }';
    const step = `{ ifElse: { branches: [{ where: ${where}, value: { constant: "it" } }], else: { constant: "other" } } }`;
    const edit = `{ expectedRevision: 1, transformations: [{ name: "s", output: { create: "found" }, step: ${step} }] }`;
    const query = `mutation { updateDesign(datasetId: "${id}", input: ${edit}) { design { revision } } }`;
    expect((await sluice.post('/graphql', { query })).body).not.toHaveProperty('errors');
    await sluice.apply(id);
    await sluice.push(id, [{ code: '9007199254740993' }, { code: '9007199254740992' }]);
    expect((await sluice.values(id, 'code')).map(({ found }) => found)).toEqual(['other', 'it']);
  });
});
