import { describe, expect, it } from '@jest/globals';
import { parseJson } from '../json/parse-json.js';
import { inferFields } from '../sample/infer-fields.js';
import type { Column, ColumnSettings } from './column.js';
import type { Columns } from './design.js';
import { mergeFields, NO_COLUMNS } from './design-from-fields.js';
import { validateDesign } from './validate-design.js';

const follow = (before: Columns, sample: string) => mergeFields(before, inferFields(parseJson(sample)));
const from = (...samples: string[]) => samples.reduce(follow, NO_COLUMNS);
const column = ({ columns }: Columns, id: string): Column | undefined => columns.find((one) => one.id === id);
const set = (before: Columns, id: string, settings: Partial<ColumnSettings>): Columns => ({
  ...before,
  columns: before.columns.map((one) => (one.id === id ? { ...one, ...settings } : one)),
});

describe('mergeFields', () => {
  it('enables a column whose array of objects has become an object', () => {
    const now = from('{"a": [{"b": "x", "c": {"d": 1}}], "id": 1}', '{"a": {"b": "x", "c": {"d": 1}}, "id": 1}');
    expect(now.columns.map(({ id, enabled }) => [id, enabled])).toEqual([
      ['a', false],
      ['a.b', true],
      ['a.c', false],
      ['a.c.d', true],
      ['id', true],
    ]);
  });

  it('disables a column whose object has become an array of objects, and removes its identifier and link', () => {
    const link = { url: 'https://x.example/{{o.id}}', title: null };
    const keyed = set(from('{"o": {"id": "x"}, "n": 1}'), 'o.id', {
      name: 'Key',
      uniqueIdentifier: true,
      link,
    });
    const now = follow(keyed, '{"o": [{"id": "x"}], "n": 1}');
    expect(column(now, 'o.id')).toMatchObject({
      name: 'Key',
      enabled: false,
      uniqueIdentifier: false,
      link: null,
    });
  });

  it.each(['{"o": [{"id": "x"}], "n": 1}', '{"o": {"id": null}, "n": 1}'])(
    'keeps a security name that the sample %s makes impossible, as a fault',
    (sample) => {
      const now = follow(set(from('{"o": {"id": "x"}, "n": 1}'), 'o.id', { securityName: 's' }), sample);
      expect(column(now, 'o.id')).toMatchObject({ securityName: 's' });
      expect(validateDesign(now)).toMatchObject([
        { column: 'o.id', field: 'securityName', message: expect.stringContaining('or clear the security name') },
      ]);
    },
  );

  it('leaves a column disabled that a user disabled before it was inside an array', () => {
    const disabled = set(from('{"o": {"id": "x", "m": 1}}'), 'o.id', { enabled: false });
    const now = follow(follow(disabled, '{"o": [{"id": "x", "m": 1}]}'), '{"o": {"id": "x", "m": 1}}');
    expect(now.columns.map(({ id, enabled }) => [id, enabled])).toEqual([
      ['o', false],
      ['o.id', false],
      ['o.m', true],
    ]);
    expect(now).toEqual({ ...disabled, lastKey: now.lastKey });
  });

  it('keeps the settings of columns that stay, and keeps them disabled', () => {
    const settings = { name: 'N', enabled: false, type: 'NUMERIC', displayFormat: '0.0' } as const;
    const now = follow(set(from('{"n": "1", "m": 1}'), 'n', settings), '{"n": "2", "m": 2}');
    expect(column(now, 'n')).toMatchObject(settings);
  });

  it('keeps a chosen type that the new values can be converted to, and drops an input format that they do not need', () => {
    const dated = set(from('{"d": "31/12/2024"}'), 'd', { type: 'DATETIME', inputFormat: 'DD/MM/YYYY' });
    const now = follow(dated, '{"d": "2024-12-31"}');
    expect(column(now, 'd')).toMatchObject({ type: 'DATETIME', inputFormat: null });
    expect(validateDesign(now)).toEqual([]);
  });

  it('names columns by their ids, makes names unique, and gives a blank id a visible name', () => {
    const now = from(
      '{"": {"": 1}, " ": 2, "\\t\\n": 3, "(empty)": 4, "x": 5}',
      '{"": {"": 1}, " ": 2, "\\t\\n": 3, "(empty)": 4, "x": 5}',
    );
    expect(now.columns.map(({ id, name }) => [id, name])).toEqual([
      ['', '(empty)'],
      ['.', '.'],
      [' ', '(empty) (2)'],
      ['\t\n', '(empty) (3)'],
      ['(empty)', '(empty) (4)'],
      ['x', 'x'],
    ]);
    expect(validateDesign(now)).toEqual([]);
  });

  it('gives new columns stored keys that were never used', () => {
    expect(from('{"a": 1, "b": 1}', '{"a": 1}', '{"a": 1, "b": 1}').columns.map(({ storedKey }) => storedKey)).toEqual([
      'c1',
      'c3',
    ]);
  });
});
