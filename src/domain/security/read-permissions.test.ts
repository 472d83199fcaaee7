import { describe, expect, it } from '@jest/globals';
import { ExactNumber } from '../json/json-value.js';
import { PermissionsError } from './permission-fields.js';
import { VALIDATION_TYPES } from './permissions.js';
import { readPermissions } from './read-permissions.js';

const DATED = { dataset_id: 'd', record_permissions: [{ security_name: 's', values: ['x'] }] };

/** A claim with one condition, apart from its security name. */
const claimOf = (condition: object) => [
  { dataset_id: 'd', record_permissions: [{ security_name: 's', ...condition }] },
];

/** What a condition asks. */
function testOf(condition: object): unknown {
  const [permission] = readPermissions(claimOf(condition));
  const [member] = permission?.group.members ?? [];
  return member && 'test' in member ? member.test : undefined;
}

function messageOf(claim: unknown): string {
  try {
    readPermissions(claim);
    return 'it is read';
  } catch (error) {
    if (error instanceof PermissionsError) return error.message;
    throw error;
  }
}

/** A condition inside so many groups, the outermost being the entry. */
function nested(levels: number) {
  let group: object = { record_permissions: [{ security_name: 's', values: ['x'] }] };
  for (let level = 1; level < levels; level += 1) group = { operator: 'OR', record_permissions: [group] };
  return [{ dataset_id: 'd', ...group }];
}

const conditions = (count: number) => Array(count).fill({ security_name: 's', values: ['x'] });

describe('readPermissions', () => {
  it('reads entries for one dataset, some or all, with nested groups and their defaults', () => {
    const inner = { operator: 'OR', record_permissions: [{ security_name: 't', values: [1, true] }] };
    expect(
      readPermissions([
        { ...DATED, record_permissions: [...DATED.record_permissions, inner] },
        { ...DATED, dataset_id: ['a', 'b'], operator: 'OR' },
        { ...DATED, dataset_id: '*', operator: 'AND' },
      ]),
    ).toEqual([
      {
        datasets: ['d'],
        group: {
          operator: 'AND',
          members: [
            { securityName: 's', test: { kind: 'VALUES', type: 'EQUAL', values: ['x'], period: null } },
            {
              operator: 'OR',
              members: [
                { securityName: 't', test: { kind: 'VALUES', type: 'EQUAL', values: [1, true], period: null } },
              ],
            },
          ],
        },
      },
      { datasets: ['a', 'b'], group: expect.objectContaining({ operator: 'OR' }) },
      { datasets: '*', group: expect.objectContaining({ operator: 'AND' }) },
    ]);
    expect(readPermissions([])).toEqual([]);
  });

  it.each<[string, object, object]>([
    ['the wildcard among values', { values: ['a', '*'] }, { kind: 'ANYTHING' }],
    [
      'a period in either case',
      { values: ['2024-01-01'], group_value: 'month' },
      { kind: 'VALUES', type: 'EQUAL', values: ['2024-01-01'], period: 'MONTH' },
    ],
    [
      'texts to search for',
      { validation_type: 'NOT_CONTAIN', values: ['a'] },
      { kind: 'TEXTS', type: 'NOT_CONTAIN', texts: ['a'] },
    ],
    [
      'ranges',
      { validation_type: 'NOT_RANGE', values: [{ gt: 1, lte: 2 }, { gte: 5 }] },
      { kind: 'RANGES', type: 'NOT_RANGE', ranges: [{ gt: 1, lte: 2 }, { gte: 5 }], period: null },
    ],
    [
      'two ends',
      { validation_type: 'BETWEEN', values: [1, 5] },
      { kind: 'RANGES', type: 'RANGE', ranges: [{ gte: 1, lte: 5 }], period: null },
    ],
    [
      'ranges with both ends',
      { validation_type: 'BETWEEN', values: [{ lte: 5, gte: 1 }] },
      { kind: 'RANGES', type: 'RANGE', ranges: [{ gte: 1, lte: 5 }], period: null },
    ],
    [
      'a comparison',
      { validation_type: 'LESS_THAN_OR_EQUAL', values: [5], group_value: 'YEAR' },
      { kind: 'RANGES', type: 'RANGE', ranges: [{ lte: 5 }], period: 'YEAR' },
    ],
    ['emptiness', { validation_type: 'IS_NOT_EMPTY', values: [] }, { kind: 'EMPTY', type: 'IS_NOT_EMPTY' }],
    ['emptiness without a list', { validation_type: 'IS_EMPTY' }, { kind: 'EMPTY', type: 'IS_EMPTY' }],
  ])('reads %s', (_what, condition, expected) => {
    expect(testOf(condition)).toEqual(expected);
  });

  it('reads every type with values of its kind, and no other', () => {
    const forms = [['a'], [1], [{ gte: 1, lte: 2 }], [1, 2], []];
    const read = VALIDATION_TYPES.map((validation_type) => [
      validation_type,
      forms.filter((values) => messageOf(claimOf({ validation_type, values })) === 'it is read').length,
    ]);
    expect(Object.fromEntries(read)).toEqual({
      EQUAL: 3,
      NOT_EQUAL: 3,
      DATE: 3,
      CONTAIN: 1,
      NOT_CONTAIN: 1,
      START_WITH: 1,
      NOT_START_WITH: 1,
      END_WITH: 1,
      NOT_END_WITH: 1,
      RANGE: 1,
      NOT_RANGE: 1,
      BETWEEN: 2,
      GREATER_THAN: 2,
      GREATER_THAN_OR_EQUAL: 2,
      LESS_THAN: 2,
      LESS_THAN_OR_EQUAL: 2,
      IS_EMPTY: 1,
      IS_NOT_EMPTY: 1,
    });
  });

  const IN = 'permissions[0].record_permissions[0]';
  it.each<[string, unknown, string]>([
    ['no claim', undefined, 'permissions is missing; give a list; [] for what is open to every token'],
    ['no list', {}, 'permissions is {}; give a list of at most 100 elements'],
    ['no object', [1], 'permissions[0] is 1; give an object with dataset_id, operator, record_permissions'],
    ['null', [null], 'permissions[0] is null; give'],
    ['an unknown key', [{ ...DATED, datasets: 1 }], 'permissions[0] has the unknown key "datasets"; give dataset_id'],
    ['a key of the prototype', JSON.parse('[{"__proto__":{"dataset_id":"d"}}]'), 'has the unknown key "__proto__"'],
    ['no dataset', [{ record_permissions: [] }], 'permissions[0].dataset_id is missing; give a text of 1 to 200'],
    ['an empty id', [{ ...DATED, dataset_id: '' }], 'permissions[0].dataset_id is ""; give'],
    [
      'no id in a list',
      [{ ...DATED, dataset_id: [] }],
      'permissions[0].dataset_id has 0 elements; give a list of 1 to',
    ],
    ['all in a list', [{ ...DATED, dataset_id: ['a', '*'] }], 'permissions[0].dataset_id[1] is "*" in a list; write'],
    ['an operator in lower case', [{ ...DATED, operator: 'or' }], '.operator is "or"; give one of AND, OR'],
    ['no conditions', [{ dataset_id: 'd' }], 'permissions[0].record_permissions is missing; give a list of 1 to 100'],
    ['an empty group', [{ dataset_id: 'd', record_permissions: [] }], 'record_permissions has 0 elements; give'],
    ['a group without members', claimOf({ operator: 'OR' }), `${IN} has the unknown key "security_name"`],
    [
      'an empty group inside',
      [{ dataset_id: 'd', record_permissions: [{ operator: 'OR', record_permissions: [] }] }],
      `${IN}.record_permissions has 0 elements`,
    ],
    [
      'a group that is a condition too',
      claimOf({ record_permissions: [] }),
      `${IN} has the unknown key "security_name"`,
    ],
    ['no name', [{ dataset_id: 'd', record_permissions: [{ values: [1] }] }], `${IN}.security_name is missing`],
    ['half a character', claimOf({ security_name: '\ud800', values: [1] }), `${IN}.security_name is "\\ud800"; give`],
    ['an unknown type', claimOf({ validation_type: 'LIKE', values: ['a'] }), `${IN}.validation_type is "LIKE"; give`],
    ['a type in lower case', claimOf({ validation_type: 'equal', values: ['a'] }), '.validation_type is "equal"; give'],
    ['no values', claimOf({}), `${IN}.values is missing; give a list of 1 to 1000 elements`],
    ['a value without a list', claimOf({ values: 'a' }), `${IN}.values is "a"; give a list of 1 to 1000 elements`],
    ['an empty list', claimOf({ values: [] }), `${IN}.values has 0 elements; give a list of 1 to`],
    ['null as a value', claimOf({ values: [null] }), `${IN}.values[0] is null; give a value; for null there are`],
    ['an object as a value', claimOf({ values: [{ gte: 1 }] }), `${IN}.values[0] is {"gte":1}; give a number, true`],
    [
      'half a character in a value',
      claimOf({ values: ['\ud800'] }),
      `${IN}.values[0] is "\\ud800"; give a number, true`,
    ],
    ['a number that lost digits', claimOf({ values: [2 ** 53 + 2] }), `${IN}.values[0] is 9007199254740994; give a`],
    [
      'an exact number',
      claimOf({ values: [new ExactNumber('1e400')] }),
      `${IN}.values[0] is 1e400; give a number from`,
    ],
    ['something odd beside the wildcard', claimOf({ values: ['*', null] }), `${IN}.values[1] is null; give`],
    [
      'a wildcard of another type',
      claimOf({ validation_type: 'NOT_EQUAL', values: ['*'] }),
      '.values[0] is "*", which',
    ],
    ['a wildcard to begin with', claimOf({ validation_type: 'START_WITH', values: ['*'] }), '.values[0] is "*", which'],
    ['a wildcard as an end', claimOf({ validation_type: 'RANGE', values: [{ gte: '*' }] }), '.values[0].gte is "*", '],
    ['an empty text inside', claimOf({ validation_type: 'CONTAIN', values: ['a', ''] }), '.values[1] is an empty text'],
    ['a number inside', claimOf({ validation_type: 'CONTAIN', values: [1] }), '.values[0] is 1; give a text, which'],
    ['a range without ends', claimOf({ validation_type: 'RANGE', values: [{}] }), '.values[0] has no end; give gt or'],
    ['an unknown end', claimOf({ validation_type: 'RANGE', values: [{ from: 1 }] }), '.values[0] has the unknown key'],
    [
      'two lower ends',
      claimOf({ validation_type: 'RANGE', values: [{ gt: 1, gte: 2 }] }),
      '.values[0] has two ends on',
    ],
    ['one end between', claimOf({ validation_type: 'BETWEEN', values: [{ gte: 1 }] }), '.values[0] is {"gte":1}; give'],
    ['three ends', claimOf({ validation_type: 'BETWEEN', values: [1, 2, 3] }), '.values has 3 values; give the least'],
    [
      'two to compare with',
      claimOf({ validation_type: 'GREATER_THAN', values: [1, 2] }),
      '.values has 2 elements; give',
    ],
    ['values of nothing', claimOf({ validation_type: 'IS_EMPTY', values: [''] }), '.values is [""]; give no values,'],
    ['an unknown period', claimOf({ values: ['a'], group_value: 'MONTH_ONLY' }), '.group_value is "MONTH_ONLY"; give'],
    [
      'a period for texts',
      claimOf({ validation_type: 'CONTAIN', values: ['a'], group_value: 'day' }),
      '.group_value is given, but CONTAIN does not take it',
    ],
    [
      'a period for a day',
      claimOf({ validation_type: 'DATE', values: ['2024-01-01'], group_value: 'day' }),
      '.group_value is given, but DATE does not take it',
    ],
  ])('refuses %s, and says where', (_what, claim, expected) => {
    expect(messageOf(claim)).toContain(expected);
  });

  it.each<[string, unknown, unknown]>([
    ['entries', Array(100).fill(DATED), Array(101).fill(DATED)],
    ['ids', [{ ...DATED, dataset_id: Array(1_000).fill('d') }], [{ ...DATED, dataset_id: Array(1_001).fill('d') }]],
    ['levels', nested(8), nested(9)],
    [
      'conditions',
      [{ ...DATED, record_permissions: conditions(100) }],
      [DATED, { ...DATED, record_permissions: conditions(100) }],
    ],
    ['values', claimOf({ values: Array(1_000).fill(1) }), claimOf({ values: Array(1_001).fill(1) })],
    ['characters of a value', claimOf({ values: ['x'.repeat(1_000)] }), claimOf({ values: ['x'.repeat(1_001)] })],
    [
      'characters to search for',
      claimOf({ validation_type: 'CONTAIN', values: Array(10).fill('x'.repeat(1_000)) }),
      claimOf({ validation_type: 'CONTAIN', values: [...Array(10).fill('x'.repeat(1_000)), 'x'] }),
    ],
    [
      'NUL characters to begin with',
      claimOf({ validation_type: 'END_WITH', values: ['\u0000'.repeat(900)] }),
      claimOf({ validation_type: 'END_WITH', values: ['\u0000'.repeat(901)] }),
    ],
    [
      'characters of a name',
      claimOf({ security_name: 'x'.repeat(200), values: [1] }),
      claimOf({ security_name: 'x'.repeat(201), values: [1] }),
    ],
  ])('limits the number of %s', (_what, most, tooMany) => {
    expect(messageOf(most)).toBe('it is read');
    expect(messageOf(tooMany)).toContain('permissions');
    expect(messageOf(tooMany)).toContain('; give');
  });

  it('names the place as the caller calls the claim', () => {
    const read = () => readPermissions([{}], 'input.permissions');
    expect(read).toThrow('input.permissions[0].dataset_id is missing');
    expect(read).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: 'input.permissions[0].dataset_id' }) }),
    );
  });
});
