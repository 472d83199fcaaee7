import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { parseJson } from '../json/parse-json.js';
import { stringifyJson } from '../json/stringify-json.js';
import { Examination } from '../load/examination.js';
import { HeldRows } from '../load/held-rows.js';
import { inferFields } from '../sample/infer-fields.js';
import { NO_ANSWERS } from '../transform/answers.js';
import { CompiledDesign } from './compiled-design.js';
import { DEFAULT_RULES, type DesignRules } from './design.js';
import { mergeFields, NO_COLUMNS } from './design-from-fields.js';
import { type ColumnPatch, editDesign } from './edit-design.js';

function designOf(sample: string, columns: readonly ColumnPatch[] = [], rules: Partial<DesignRules> = {}) {
  const fields = inferFields(parseJson(sample));
  const pins = { datasetId: 'd', revision: 1, connectionId: 'c', sampleVersion: 1 };
  const first = { ...DEFAULT_RULES, ...rules, ...pins, ...mergeFields(NO_COLUMNS, fields) };
  return new CompiledDesign({ design: editDesign(first, { columns }), fields });
}

const NOTHING_LEFT_OUT = { leftOut: null, maxReasons: 0, answers: NO_ANSWERS };
const TASK = { position: 1, savedAt: new Date(0), use: 'REPLACE', ...NOTHING_LEFT_OUT } as const;
const BOUNDS = { check: () => null, held: new HeldRows(1_000) };

/** The values by column id, or the mismatches, of a record under a design. */
function outcome(design: CompiledDesign, record: string) {
  const examination = new Examination(design, TASK, BOUNDS);
  examination.take(parseJson(record) as JsonObject);
  const { fitting, refused } = examination.result();
  if (refused.errorCount > 0) return refused.errors.kept.map(({ code, pointer }) => `${code} ${pointer}`);
  const [first] = fitting;
  const [values = {}] = first && 'rows' in first ? (first.rows ?? []) : [];
  const ids = new Map(design.design.columns.map(({ storedKey, id }) => [storedKey, id]));
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[ids.get(key), value]])),
  );
}

function shownOf({ columns }: Pick<CompiledDesign['design'], 'columns'>) {
  return columns.map(({ id, type, enabled }) => `${id} ${type} ${enabled ? 'on' : 'off'}`);
}

describe('a field without a value in the sample', () => {
  it.each([
    ['{"a": null}', '{"a": {"b": [1, null]}}', { a: '{"b":[1,null]}' }],
    ['{"a": null}', '{"a": []}', { a: '[]' }],
    ['{"a": null}', '{"a": null}', {}],
    ['{"a": []}', '{"a": "x"}', { a: 'x' }],
    ['{"a": {}}', '{"a": 12345678901234567890.50}', { a: '12345678901234567890.5' }],
    [
      '{"a": {}}',
      '{"a": {"big": 12345678901234567890, "__proto__": {"x": 1}}}',
      { a: '{"big":12345678901234567890,"__proto__":{"x":1}}' },
    ],
    ['{"a": [null]}', '{"a": false}', { a: 'false' }],
    ['{"o": {"a": {}}}', '{"o": {"a": [{"c": "d"}]}}', { 'o.a': '[{"c":"d"}]' }],
    ['{"a": null}', '{"a": "\\ud800"}', ['INVALID_TEXT /a']],
    ['{"a": null, "b": 1}', '{"b": 1}', ['MISSING_KEY /a']],
  ])('of the sample %s stores the value in %s', (sample, record, expected) => {
    expect(outcome(designOf(sample), record)).toEqual(expected);
  });

  it('stores any value; objects and arrays become JSON text', () => {
    fc.assert(
      fc.property(fc.constantFrom('null', '[]', '{}', '[null]'), fc.jsonValue({ maxDepth: 4 }), (empty, value) => {
        const json = stringifyJson(value);
        const kept = outcome(designOf(`{"a": ${empty}}`), `{"a": ${json}}`);
        const parsed = parseJson(json) as JsonValue;
        if (parsed === null) expect(kept).toEqual({});
        else if (typeof parsed === 'object') expect(kept).toEqual({ a: json });
        else expect(kept).toEqual({ a: String(parsed) });
      }),
    );
  });

  it('keeps its keys when unknown fields are ignored, in the record and in the row', () => {
    const design = designOf('{"a": {}, "b": {"c": 1}}', [], { unknownFields: 'IGNORE' });
    expect(design.prune({ a: { x: 1 }, b: { c: 1, y: 2 }, z: 3 })).toEqual({ a: { x: 1 }, b: { c: 1 } });
  });

  it.each([
    ['NUMERIC', '{"a": "1.5"}', { a: 1.5 }],
    ['NUMERIC', '{"a": {"b": 1}}', ['CONVERSION_FAILED /a']],
    ['NUMERIC_ARRAY', '{"a": [1, "2"]}', { a: [1, 2] }],
    ['NUMERIC_ARRAY', '{"a": 1}', ['CONVERSION_FAILED /a']],
    ['TEXT', '{"a": 5}', { a: '5' }],
    ['TEXT', '{"a": {"b": 1}}', ['WRONG_TYPE /a']],
    ['TEXT_ARRAY', '{"a": [1, true, "x"]}', { a: ['1', 'true', 'x'] }],
    ['DATETIME', '{"a": "2024-01-02"}', { a: new Date('2024-01-02') }],
  ] as const)('with the type %s set by a user converts %s', (type, record, expected) => {
    expect(outcome(designOf('{"a": null}', [{ id: 'a', type }]), record)).toEqual(expected);
  });

  it('cannot have an identifier, security name or link, and no link can use it', () => {
    const link = { url: 'https://h/{{a}}', title: null };
    for (const patch of [{ uniqueIdentifier: true }, { securityName: 's' }, { link }]) {
      expect(() => designOf('{"a": null, "b": 1}', [{ id: 'a', ...patch }])).toThrow(/takes values of any type/);
    }
    expect(() => designOf('{"a": null, "b": 1}', [{ id: 'b', link }])).toThrow(
      /cannot be used: it takes values of any type/,
    );
    expect(() => designOf('{"a": null}', [{ id: 'a', type: 'TEXT', uniqueIdentifier: true }])).not.toThrow();
  });
});

describe('a field that a user sets to undetermined', () => {
  it('stores any value as text, and disables the columns below it', () => {
    const design = designOf('{"o": {"b": 1}, "l": [{"c": 1}], "n": 1}', [
      { id: 'o', undetermined: true },
      { id: 'l', undetermined: true },
      { id: 'n', undetermined: true },
    ]);
    expect(design.design.columns.map(({ id, type, enabled }) => `${id} ${type} ${enabled}`)).toEqual([
      'o TEXT true',
      'o.b NUMERIC false',
      'l TEXT true',
      'l.c NUMERIC false',
      'n TEXT true',
    ]);
    expect(outcome(design, '{"o": {"other": 1}, "l": [{"c": 1}], "n": {}}')).toEqual({
      o: '{"other":1}',
      l: '[{"c":1}]',
      n: '{}',
    });
  });

  it('gets its columns back when it is determined again', () => {
    const whole = designOf('{"o": {"b": 1}}', [{ id: 'o', undetermined: true }]).design;
    const { columns } = editDesign(whole, { columns: [{ id: 'o', undetermined: null }] });
    expect(columns.map(({ id, type, enabled }) => `${id} ${type} ${enabled}`)).toEqual([
      'o OBJECT false',
      'o.b NUMERIC true',
    ]);
  });

  it.each([
    ['the object is disabled', [{ id: 'o', undetermined: true, enabled: false }], ['o TEXT off', 'o.b NUMERIC off']],
    [
      'a column in it is disabled',
      [
        { id: 'o', undetermined: true },
        { id: 'o.b', enabled: false },
      ],
      ['o TEXT on', 'o.b NUMERIC off'],
    ],
  ])('combines all patches of one edit when in the same edit %s', (_what, patches, expected) => {
    expect(shownOf(designOf('{"o": {"b": 1}, "n": 1}', patches).design)).toEqual([...expected, 'n NUMERIC on']);
  });

  it('gives its columns back with the settings of the same edit', () => {
    const whole = designOf('{"o": {"b": 1, "c": 1}}', [{ id: 'o', undetermined: true }]).design;
    const edit = [
      { id: 'o', undetermined: false },
      { id: 'o.b', enabled: false },
      { id: 'o.c', uniqueIdentifier: true },
    ];
    const { columns } = editDesign(whole, { columns: edit });
    expect(shownOf({ columns })).toEqual(['o OBJECT off', 'o.b NUMERIC off', 'o.c NUMERIC on']);
    expect(columns[2]).toMatchObject({ uniqueIdentifier: true });
  });

  it('refuses settings for a column inside it in the same edit', () => {
    const link = { url: 'https://h/{{n}}', title: null };
    for (const patch of [{ enabled: true }, { uniqueIdentifier: true }, { securityName: 's' }, { link }]) {
      const edit = [
        { id: 'o', undetermined: true },
        { id: 'o.b', ...patch },
      ];
      expect(() => designOf('{"o": {"b": 1}, "n": 1}', edit)).toThrow(/it is inside o, which is stored whole/);
    }
  });

  it('cannot be an identifier, and the fault names the setting, not the sample', () => {
    const edit = [{ id: 'a', undetermined: true, uniqueIdentifier: true }];
    expect(() => designOf('{"a": 1}', edit)).toThrow(/because undetermined is true/);
    expect(() => designOf('{"a": null}', edit)).toThrow(/because the sample shows no value/);
  });

  it('cannot have a type other than TEXT', () => {
    expect(() => designOf('{"a": 1}', [{ id: 'a', undetermined: true, type: 'NUMERIC' }])).toThrow(
      /undetermined: true is TEXT/,
    );
  });
});

describe('a field of several types', () => {
  it.each([
    ['[{"a": 1}, {"a": "x"}]', '{"a": 1.50}', { a: '1.5' }],
    ['[{"a": 1}, {"a": "x"}]', '{"a": true}', { a: 'true' }],
    ['[{"a": 1}, {"a": "x"}]', '{"a": 12345678901234567890}', { a: '12345678901234567890' }],
    ['[{"a": 1}, {"a": "x"}]', '{"a": []}', ['WRONG_TYPE /a']],
    ['{"a": ["x", 1]}', '{"a": [2, false, null]}', { a: ['2', 'false', null] }],
    ['{"a": 12345678901234567890}', '{"a": "12345678901234567891"}', { a: '12345678901234567891' }],
    ['{"a": 12345678901234567890}', '{"a": true}', ['WRONG_TYPE /a']],
  ])('of the sample %s converts %s', (sample, record, expected) => {
    expect(outcome(designOf(sample), record)).toEqual(expected);
  });

  it.each([
    ['{"a": 1}', '{"a": "x"}', { a: 'x' }],
    ['{"a": true}', '{"a": 5}', { a: '5' }],
    ['{"a": "2024-01-01"}', '{"a": "soon"}', { a: 'soon' }],
    ['{"a": 1}', '{"a": {}}', ['WRONG_TYPE /a']],
  ])('includes a column changed to TEXT: of the sample %s it converts %s', (sample, record, expected) => {
    expect(outcome(designOf(sample, [{ id: 'a', type: 'TEXT' }]), record)).toEqual(expected);
  });
});

describe('a column that a user disabled', () => {
  const off = (id: string): ColumnPatch => ({ id, enabled: false });

  it.each([
    ['{"a": 1, "b": 1}', [off('a')], '{"b": 1}', { b: 1 }],
    ['{"a": 1, "b": 1}', [off('a')], '{"a": {"x": []}, "b": 1}', { b: 1 }],
    ['{"o": {"a": 1, "c": 1}}', [off('o.a')], '{"o": {"a": "x", "c": 1}}', { 'o.c': 1 }],
    ['{"o": {"a": 1}, "b": 1}', [off('o.a')], '{"b": 1}', { b: 1 }],
    ['{"o": {"a": 1}, "b": 1}', [off('o.a')], '{"o": 5, "b": 1}', { b: 1 }],
    ['{"a": "x", "b": 1}', [off('a')], '{"a": "\\ud800", "b": 1}', { b: 1 }],
    ['{"a": null, "b": 1}', [off('a')], '{"a": "\\ud800", "b": 1}', { b: 1 }],
    ['{"o": {"p": {"a": 1}}, "b": 1}', [off('o.p.a')], '{"o": [1], "b": 1}', { b: 1 }],
    ['{"o": {"a": 1, "l": [{"c": 1}]}, "b": 1}', [off('o.a')], '{"b": 1}', ['MISSING_KEY /o']],
    ['{"l": [{"c": 1}], "b": 1}', [off('b')], '{"l": [{"c": "x"}]}', ['WRONG_TYPE /l/0/c']],
    ['{"a": 1, "b": 1}', [off('a')], '{"b": 1, "c": 1}', ['UNKNOWN_KEY /c']],
  ])('of the sample %s with %j is neither required nor checked: %s', (sample, patches, record, expected) => {
    expect(outcome(designOf(sample, patches), record)).toEqual(expected);
  });

  it('keeps its value in the record, also when unknown fields are ignored', () => {
    const design = designOf('{"o": {"a": 1}, "b": 1}', [off('o.a')], { unknownFields: 'IGNORE' });
    expect(design.prune({ o: { a: 'x', z: 1 }, b: 1, y: 2 })).toEqual({ o: { a: 'x', z: 1 }, b: 1 });
  });
});
