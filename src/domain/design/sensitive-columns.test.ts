import { describe, expect, it } from '@jest/globals';
import { atOnce } from '../at-once.js';
import { compiledDesign } from '../design/compiled-design.js';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { recordToRows } from '../load/record-to-rows.js';
import { inferFields } from '../sample/infer-fields.js';
import { HIDDEN_VALUE } from '../sample/value-check.js';
import { NO_ANSWERS } from '../transform/answers.js';
import { planOf } from '../transform/plan-transformations.js';
import type { Transformation } from '../transform/transformation.js';
import { DEFAULT_RULES, type Design } from './design.js';
import { mergeFields, NO_COLUMNS } from './design-from-fields.js';
import { designWarnings } from './design-warnings.js';
import { type DesignEdit, editDesign } from './edit-design.js';
import { withSensitivity } from './sensitive-columns.js';
import { validateDesign } from './validate-design.js';

const SAMPLE = {
  id: 1,
  open: 'x',
  day: '2024-01-01',
  ssn: '1',
  pay: 1,
  tags: ['x'],
  person: { name: 'x', iban: { text: 'x', bank: 'x' } },
  items: [{ sku: 'x', cost: 1 }],
};

function designOf(edit: DesignEdit, sample: JsonValue = SAMPLE): Design {
  const first = { ...mergeFields(NO_COLUMNS, inferFields(sample)), ...DEFAULT_RULES };
  return editDesign({ ...first, datasetId: 'd', revision: 1, connectionId: 'c', sampleVersion: 1 }, edit);
}

const marking = (...ids: string[]): DesignEdit => ({ columns: ids.map((id) => ({ id, sensitive: true })) });

function step(step: Transformation['step'], output: Transformation['output'], id = 's'): Transformation {
  return { id, name: id, enabled: true, output, onError: 'REJECT_RECORD', replaceWith: null, step };
}

describe('a sensitive column', () => {
  it.each([
    [[], []],
    [['ssn'], ['ssn']],
    [['person'], ['person', 'person.name', 'person.iban', 'person.iban.text', 'person.iban.bank']],
    [['person.iban'], ['person', 'person.iban', 'person.iban.text', 'person.iban.bank']],
    [['person.iban.text'], ['person', 'person.iban', 'person.iban.text']],
    [
      ['items.cost', 'ssn'],
      ['ssn', 'items', 'items.cost'],
    ],
  ])('%j makes %j sensitive', (marked, expected) => {
    const columns = withSensitivity(designOf(marking(...marked)).columns);
    expect(columns.filter(({ sensitive }) => sensitive).map(({ id }) => id)).toEqual(expected);
  });

  it('is no unique identifier, because ids of records would reveal it', () => {
    const edit = { columns: [{ id: 'ssn', sensitive: true, uniqueIdentifier: true }] };
    expect(() => designOf(edit)).toThrow(/^sensitive of column "ssn": the column is a unique identifier/);
    const inside = designOf({ columns: [{ id: 'person.name', uniqueIdentifier: true }] });
    const marked = editDesign(inside, marking('person'));
    expect(validateDesign(marked).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^sensitive of column "person.name": the column is a unique identifier/),
    ]);
  });
});

const SECRET = 'SECRET';

/** What a load has against a record, as text. */
function errorsOf(design: Design, record: JsonObject): string {
  const compiled = compiledDesign({ design, fields: inferFields(SAMPLE) });
  const faults = compiled.check(record, 'REPLACE');
  if (faults) return JSON.stringify(faults.kept);
  const result = atOnce(recordToRows(compiled, record, { savedAt: new Date(0), answers: NO_ANSWERS }));
  const found = result.kind === 'ROWS' ? compiled.identify(result.values, record).fault : result;
  return found && 'mismatches' in found ? JSON.stringify(found.mismatches.kept) : JSON.stringify(found);
}

describe('the errors of a load', () => {
  const UPDATED: DesignEdit = {
    transformations: [step({ kind: 'toNumber', settings: { column: 'ssn' } }, { create: 'number' })],
  };
  const CHAINED: DesignEdit = {
    transformations: [
      step(
        { kind: 'concatenate', settings: { values: [{ column: 'ssn' }], separator: '', nulls: 'SKIP' } },
        { create: 'copy' },
      ),
      step({ kind: 'toNumber', settings: { column: 'copy' } }, { create: 'number' }, 't'),
    ],
  };
  const FORMULA: DesignEdit = {
    transformations: [step({ kind: 'formula', settings: { source: 'timestamp(row.ssn)' } }, { create: 'made' })],
  };
  const NUMBER: DesignEdit = { columns: [{ id: 'open', type: 'NUMERIC' }] };
  const FLATTENED: DesignEdit = {
    columns: [{ id: 'items.sku', type: 'NUMERIC' }],
    transformations: [step({ kind: 'flatten', settings: { column: 'items', keepEmpty: true } }, null)],
  };
  const SUMMED: DesignEdit = {
    columns: [{ id: 'items.sku', type: 'NUMERIC' }],
    transformations: [
      step(
        { kind: 'aggregateArray', settings: { column: 'items', function: 'SUM', take: 'items.sku' } },
        { create: 'sum' },
      ),
    ],
  };
  const fine = { ...SAMPLE, ssn: SECRET, open: SECRET, items: [{ sku: SECRET, cost: 1 }] };

  it.each<[string, string, DesignEdit, JsonObject]>([
    ['a value of another type', 'pay', {}, { ...SAMPLE, pay: SECRET }],
    ['a text that is no date', 'day', {}, { ...SAMPLE, day: SECRET }],
    ['an element of an array', 'tags', {}, { ...SAMPLE, tags: ['x', { a: SECRET }] }],
    ['an array in its place', 'ssn', {}, { ...SAMPLE, ssn: [SECRET] }],
    ['an object above it that is none', 'person.iban.text', {}, { ...SAMPLE, person: [{ iban: SECRET }] }],
    ['a value inside it', 'person', {}, { ...SAMPLE, person: { ...SAMPLE.person, name: [SECRET] } }],
    ['an array of objects that is none', 'items.cost', {}, { ...SAMPLE, items: SECRET }],
    ['an unknown key, which may be misspelled', 'ssn', {}, { ...SAMPLE, sssn: SECRET }],
    ['a value that cannot be converted', 'open', NUMBER, fine],
    ['a value of a flattened array', 'items', FLATTENED, fine],
    ['a value of an array that a step reads', 'items.sku', SUMMED, fine],
    ['a step that reads it', 'ssn', UPDATED, fine],
    ['a step that reads what another made of it', 'ssn', CHAINED, fine],
    ['a formula that reads it', 'ssn', FORMULA, fine],
  ])('do not show %s', (_, column, edit, record) => {
    const shown = designOf(edit);
    expect(errorsOf(shown, record)).toContain(SECRET);
    const hidden = editDesign(shown, marking(column));
    expect(errorsOf(hidden, record)).toMatch(new RegExp(`"message":".*(${HIDDEN_VALUE}|why is not shown)`));
    expect(errorsOf(hidden, record)).not.toContain(SECRET);
    // A column elsewhere changes nothing, unless the key is unknown.
    const elsewhere = editDesign(shown, marking('id'));
    if (!('sssn' in record)) expect(errorsOf(elsewhere, record)).toContain(SECRET);
  });
});

describe('the warnings of a design', () => {
  const copy = step({ kind: 'trim', settings: { column: 'ssn', side: 'BOTH' } }, { create: 'copy' });
  const messagesOf = (design: Design) => designWarnings(design, new Map()).filter(({ column }) => column !== 'items');

  it('name columns that steps make of sensitive ones, unless they are sensitive too, or not enabled', () => {
    const design = designOf({ ...marking('ssn'), transformations: [copy] });
    expect(messagesOf(design)).toEqual([
      { column: 'copy', message: expect.stringMatching(/^A step makes its values from the sensitive column "ssn"/) },
    ]);
    expect(messagesOf(designOf({ transformations: [copy] }))).toEqual([]);
    expect(messagesOf(editDesign(design, marking('copy')))).toEqual([]);
    expect(messagesOf(editDesign(design, { columns: [{ id: 'copy', enabled: false }] }))).toEqual([]);
    const updated = designOf({ ...marking('ssn'), transformations: [{ ...copy, output: { update: 'open' } }] });
    expect(messagesOf(updated)).toEqual([expect.objectContaining({ column: 'open' })]);
    const itself = designOf({ ...marking('ssn'), transformations: [{ ...copy, output: { update: 'ssn' } }] });
    expect(messagesOf(itself)).toEqual([]);
  });

  describe('with a lookup', () => {
    const settings = { dataset: 'other', by: [{ identifier: 'id', column: 'id' }], take: 'name' };
    const pinned = (id: string, type: 'NUMERIC' | 'TEXT') => ({ id, storedKey: 'c1', type });
    const resolved = { identifiers: [pinned('id', 'NUMERIC')], take: pinned('name', 'TEXT') };
    const lookup = step({ kind: 'lookup', settings: { ...settings, resolved } }, { create: 'customer' });
    const other = mergeFields(NO_COLUMNS, inferFields({ id: 1, name: 'x', region: 'x' })).columns;
    const warnings = (edit: DesignEdit, setting: object, of: string) => {
      const columns = other.map((column) => (column.id === of ? { ...column, ...setting } : column));
      const design = editDesign(designOf({ transformations: [lookup] }), edit);
      return designWarnings(design, new Map([['other', columns]])).filter(({ column }) => column !== 'items');
    };

    it('name columns that it copies from a secured dataset or a sensitive column', () => {
      expect(warnings({}, { securityName: 'area' }, 'region')).toEqual([
        { column: 'customer', message: expect.stringMatching(/"other", where the security name "area" restricts/) },
      ]);
      expect(warnings({}, { sensitive: true }, 'name')).toEqual([
        { column: 'customer', message: expect.stringMatching(/"other", where "name" is sensitive/) },
      ]);
      expect(warnings({}, { sensitive: true }, 'region')).toEqual([]);
      expect(warnings({}, {}, 'region')).toEqual([]);
      expect(warnings(marking('customer'), { securityName: 'area' }, 'region')).toEqual([]);
    });

    it('the errors of steps that read what it has found do not show it', () => {
      const number = step({ kind: 'toNumber', settings: { column: 'customer' } }, { create: 'number' }, 't');
      const again = step({ kind: 'toNumber', settings: { column: 'open' } }, { create: 'again' }, 'u');
      const { steps } = planOf(designOf({ transformations: [lookup, number, again] }));
      expect(steps.map(({ reasonToHide }) => reasonToHide)).toEqual([
        null,
        '"customer" has values of another dataset',
        null,
      ]);
    });
  });
});
