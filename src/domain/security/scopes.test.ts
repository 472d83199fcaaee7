import { describe, expect, it } from '@jest/globals';
import { mergeFields, NO_COLUMNS } from '../design/design-from-fields.js';
import { readSample } from '../sample/read-sample.js';
import { type Area, FULL_ACCESS, type Right } from './caller.js';
import { accessOfScopes, type Scope } from './scopes.js';

const EVERY_AREA: Record<Area, true> = {
  DATASETS: true,
  DESIGNS: true,
  JOBS: true,
  QUARANTINE: true,
  CREDENTIALS: true,
  AUDIT: true,
};
const AREAS = Object.keys(EVERY_AREA) as Area[];
const RIGHTS: Right[] = ['MANAGE', 'PUSH'];
const { columns: OPEN } = mergeFields(NO_COLUMNS, readSample({ a: 1, b: 's' }).fields);
const SECURED = OPEN.map((column, index) => ({ ...column, securityName: index === 0 ? 'owner' : null }));

describe('the access of an API key', () => {
  it.each<[Scope[], Area[], Right[]]>([
    [['PUSH'], ['DATASETS', 'JOBS'], ['PUSH']],
    [['READ'], ['DATASETS'], []],
    [['PUSH', 'READ'], ['DATASETS', 'JOBS'], ['PUSH']],
    [['MANAGE'], AREAS, RIGHTS],
    [['MANAGE', 'READ'], AREAS, RIGHTS],
  ])('with the scopes %s covers the areas %s and the rights %s', (scopes, areas, rights) => {
    const access = accessOfScopes(scopes, null);
    for (const id of [undefined, 'd']) {
      expect(AREAS.filter((area) => access.sees(area, id))).toEqual(areas);
      expect(RIGHTS.filter((right) => access.may(right, id))).toEqual(rights);
    }
  });

  it('is for its datasets only, and never for all of them', () => {
    const access = accessOfScopes(['PUSH', 'READ'], ['d']);
    for (const id of ['e', '', undefined]) {
      expect(AREAS.some((area) => access.sees(area, id))).toBe(false);
      expect(RIGHTS.some((right) => access.may(right, id))).toBe(false);
    }
    expect([access.sees('JOBS', 'd'), access.may('PUSH', 'd'), [...(access.datasets ?? [])]]).toEqual([
      true,
      true,
      ['d'],
    ]);
    expect(() => access.restrictionOf('e')?.(OPEN)).toThrow(/may not read rows/);
  });

  it('to rows takes READ and a dataset without a security name, or MANAGE', () => {
    expect(accessOfScopes(['READ'], null).restrictionOf('d')?.(OPEN)).toEqual({ filter: null, columns: OPEN });
    expect(() => accessOfScopes(['READ'], null).restrictionOf('d')?.(SECURED)).toThrow(/has a security name/);
    expect(() => accessOfScopes(['PUSH'], null).restrictionOf('d')?.(OPEN)).toThrow(/may not read rows/);
    expect(accessOfScopes(['MANAGE'], null)).toBe(FULL_ACCESS);
  });
});
