import { describe, expect, it } from '@jest/globals';
import { parseJson } from '../json/parse-json.js';
import { inferFields } from '../sample/infer-fields.js';
import type { ColumnSettings } from './column.js';
import { mergeFields, NO_COLUMNS } from './design-from-fields.js';
import { designWarnings, warningNotes } from './design-warnings.js';

function warningsOf(sample: string, settings: Record<string, Partial<ColumnSettings>> = {}) {
  const design = mergeFields(NO_COLUMNS, inferFields(parseJson(sample)));
  const columns = design.columns.map((column) => ({ ...column, ...settings[column.id] }));
  return designWarnings({ ...design, columns }, new Map());
}

const identifier = { uniqueIdentifier: true };

describe('designWarnings', () => {
  it.each<[string, Record<string, Partial<ColumnSettings>>, [string | null, RegExp][]]>([
    ['{"a": "x", "o": {"b": 1}}', {}, []],
    [
      '{"items": [{"sku": "a", "tags": [{"t": 1}]}]}',
      {},
      [
        [null, /^No column is enabled/],
        ['items', /array of objects/],
      ],
    ],
    [
      '{"id": 1, "items": [{"sku": "a", "tags": [{"t": 1}]}]}',
      {},
      [['items', /flatten it by a transformation\. To query it as JSON text, set undetermined: true/]],
    ],
    // As a step leaves the columns that flattens items, and one that flattens items.tags too.
    [
      '{"items": [{"sku": "a", "tags": [{"t": 1}]}]}',
      { 'items.sku': { enabled: true } },
      [['items.tags', /array of objects/]],
    ],
    ['{"items": [{"sku": "a", "tags": [{"t": 1}]}]}', { 'items.tags.t': { enabled: true } }, []],
    ['{"a": 1}', { a: { enabled: false } }, [[null, /^No column is enabled/]]],
    [
      '{"o": {"a": {}}, "b": 1}',
      {},
      [['o.a', /add a record to the sample that shows one: \{"o": \{"a": a value\}\}\./]],
    ],
    ['{"a": null}', { a: { undetermined: false, type: 'NUMERIC' } }, []],
    ['{"id": 1.5}', { id: identifier }, [['id', /unique identifier with fractions/]]],
    ['{"id": 1}', { id: identifier }, []],
    ['[{"id": 1, "a": 1}, {"a": 1}]', { id: identifier }, [['id', /some records of the sample lack/]]],
    ['{"t": true, "f": false}', { t: identifier, f: identifier }, [[null, /holds at most 4 records/]]],
    ['{"t": true, "id": "x"}', { t: identifier, id: identifier }, []],
  ])('finds the warnings of the sample %s with %j', (sample, settings, expected) => {
    expect(warningsOf(sample, settings)).toEqual(
      expected.map(([column, message]) => ({ column, message: expect.stringMatching(message) })),
    );
  });

  it('become a limited number of texts', () => {
    const keys = Array.from({ length: 30 }, (_, n) => `"k${n}": null`);
    const notes = warningNotes(warningsOf(`{${keys}}`), 20);
    expect(notes).toHaveLength(21);
    expect(notes[0]).toMatch(/^Column "k0": The sample shows no value of it/);
    expect(notes.at(-1)).toBe('There are 10 more warnings; Design.warnings lists all.');
  });
});
