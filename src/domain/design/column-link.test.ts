import { describe, expect, it } from '@jest/globals';
import { inferFields } from '../sample/infer-fields.js';
import type { ColumnLink } from './column.js';
import { compileLinks, linkFaults } from './column-link.js';
import { columnsById } from './column-pointer.js';
import { mergeFields, NO_COLUMNS } from './design-from-fields.js';

const columns = mergeFields(
  NO_COLUMNS,
  inferFields({ c1: 'x', ' x': 'x', 'a}}b': 'x', 'back\\': 'x', o: { p: 'x' } }),
).columns;
const faults = (url: string, title: string | null = null) => linkFaults({ url, title }, columnsById(columns));

describe('linkFaults', () => {
  it.each([
    'https://h/{{c1}}',
    'https://h:8080/a?q={{ c1 }}#{{o.p}}',
    'https://h',
    'mailto:{{c1}}',
    'https://h/{{ x}}',
    'https://h/{{a\\}\\}b}}',
    'https://h/{{back\\\\}}/{{c1}}',
    'https://h/ü/%20@{{c1}}',
  ])('finds no fault in %s', (url) => {
    expect(faults(url, '{{c1}} and {{ x}}')).toEqual([]);
  });

  it.each([
    ['https://h/{{c1', 'the URL has {{ or }} without the other'],
    ['https://h/{{c1}}/{{', 'the URL has {{ or }} without the other'],
    ['https://h/c1}}', 'the URL has {{ or }} without the other'],
    ['https://h/ \n{{c1}}', 'the URL holds a space or a control character'],
    ['https://h/\u0000', 'the URL holds a space or a control character'],
    ['https://h@evil/{{c1}}', 'the URL names a user before the host'],
    ['https://user:secret@h/', 'the URL names a user before the host'],
    ['https://{{c1}}/', 'the URL must begin with'],
    ['https://h{{c1}}/', 'the URL must begin with'],
    ['javascript:alert(1)', 'the URL must begin with'],
    ['https://h:port/{{c1}}', 'the URL is not well-formed'],
    ['https://h/{{c2}}', 'the token {{"c2"}} names no column'],
    ['https://h/{{o}}', 'the token {{"o"}} names a column that cannot be used'],
  ])('finds the fault of %j', (url, fault) => {
    expect(faults(url)).toEqual([expect.stringContaining(fault)]);
  });

  it('finds tokens that are not closed in titles', () => {
    expect(faults('https://h/', 'a {{c1')).toEqual([expect.stringContaining('the title has {{ or }}')]);
  });
});

describe('compileLinks', () => {
  it('fills tokens of columns with any id', () => {
    const link: ColumnLink = { url: 'https://h/{{ x}}/{{a\\}\\}b}}?q={{ c1 }}', title: '{{back\\\\}}: {{o.p}}' };
    const finish = compileLinks(columns.map((column) => (column.id === 'c1' ? { ...column, link } : column)));
    const values = { c1: 'a&b', ' x': '1 2', 'a}}b': '/', 'back\\\\': 'B', 'o.p': null };
    expect(finish(values)).toEqual({ c1: { url: 'https://h/1%202/%2F?q=a%26b', title: 'B: ' } });
    expect(finish({ ...values, ' x': null })).toEqual({});
    expect(finish({ ...values, 'a}}b': '..' })).toEqual({});
  });
});
