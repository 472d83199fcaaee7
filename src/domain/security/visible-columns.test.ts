import { describe, expect, it } from '@jest/globals';
import { mergeFields, NO_COLUMNS } from '../design/design-from-fields.js';
import { inferFields } from '../sample/infer-fields.js';
import { visibleColumns } from './visible-columns.js';

const { columns: ALL } = mergeFields(
  NO_COLUMNS,
  inferFields({ a: 'x', b: 'x', ' b ': 'x', o: { c: 'x', d: 'x' }, z: 'x' }),
);

function visible(settings: Readonly<Record<string, object>>) {
  return visibleColumns(ALL.map((column) => ({ ...column, ...settings[column.id] })));
}

describe('the columns of callers who may not manage', () => {
  it('are those that are enabled and not sensitive', () => {
    expect(visible({}).map(({ id }) => id)).toEqual(['a', 'b', ' b ', 'o.c', 'o.d', 'z']);
    const some = visible({ a: { sensitive: true }, z: { enabled: false }, 'o.c': { sensitive: true } });
    expect(some.map(({ id }) => id)).toEqual(['b', ' b ', 'o.d']);
    const whole = visible({
      o: { undetermined: true, enabled: true, type: 'TEXT' },
      'o.c': { sensitive: true, enabled: false },
      'o.d': { enabled: false },
    });
    expect(whole.map(({ id }) => id)).toEqual(['a', 'b', ' b ', 'z']);
    expect(visible({ o: { sensitive: true } }).map(({ id }) => id)).toEqual(['a', 'b', ' b ', 'z']);
  });

  it.each([
    ['https://h/{{a}}', null, true],
    ['https://h/{{b}}', null, false],
    ['https://h/{{a}}', 'of {{b}}', false],
    // The token names the column with the spaces, and not the one without them.
    ['https://h/{{ b }}', null, true],
    ['https://h/', 'of {{a}}', true],
  ])('have the link %s with the title %s: %s', (url, title, isShown) => {
    const [a] = visible({ a: { link: { url, title } }, b: { sensitive: true } });
    expect(a?.link).toEqual(isShown ? { url, title } : null);
  });

  it('have no link to a column by another name', () => {
    const [a] = visible({ a: { link: { url: 'https://h/{{ b }}', title: null } }, ' b ': { sensitive: true } });
    expect(a?.link).toBeNull();
  });
});
