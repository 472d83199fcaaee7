/** A mix of 20 steps as designs have them, for customers: 10 create a column, 10 update one. */
export const TYPICAL_STEPS = [
  updates('score', { round: { column: 'score', decimals: 2 } }),
  creates('gross', { multiply: { operands: [{ column: 'score' }, { constant: 1.19 }] } }),
  creates('tax', { subtract: { operands: [{ column: 'gross' }, { column: 'score' }] } }),
  updates('tax', { round: { column: 'tax', decimals: 2 } }),
  updates('name', { trim: { column: 'name' } }),
  creates('first name', { split: { column: 'name', separator: ' ', part: 0 } }),
  updates('first name', { uppercase: { column: 'first name' } }),
  updates('email', { lowercase: { column: 'email' } }),
  creates('domain', { extractText: { column: 'email', pattern: '@(.+)$' } }),
  updates('email', { hash: { column: 'email', salt: 'a secret' } }),
  updates('address.zip', { replaceText: { column: 'address.zip', search: ' ', replacement: '' } }),
  updates('address.city', { coalesce: { values: [{ column: 'address.city' }, { constant: 'unknown' }] } }),
  creates('label', { template: { template: '{{name}}, {{address.street}}, {{address.city}}' } }),
  updates('address.street', { mask: { column: 'address.street', keepStart: 2 } }),
  creates('age', { dateDifference: { from: { column: 'born' }, to: { constant: '2024-12-31' }, unit: 'YEAR' } }),
  updates('born', { truncateDate: { column: 'born', unit: 'MONTH' } }),
  creates('number', { toText: { column: 'id' } }),
  creates('size', {
    ifElse: {
      branches: [{ where: { column: 'score', op: 'GTE', value: 1000 }, value: { constant: 'large' } }],
      else: { constant: 'small' },
    },
  }),
  creates('bonus', { formula: { source: 'math.round(score * 0.05 + (active ? 10 : 0))' } }),
  creates('greeting', { formula: { source: 'size(name) > 12 ? "Dear customer" : "Dear " + name' } }),
];

function creates(column: string, step: object) {
  return { name: column, output: { create: column }, step };
}

function updates(column: string, step: object) {
  return { name: `correct ${column}`, output: { update: column }, step };
}
