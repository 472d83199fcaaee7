import { describe, expect, it } from '@jest/globals';
import { geoPoint } from '../geo-point.js';
import { resolveLookup } from '../lookups/resolve-lookup.js';
import { inferFields } from '../sample/infer-fields.js';
import { COLUMN_TYPES } from '../sample/source-field.js';
import { planTransformations } from '../transform/plan-transformations.js';
import type { Step } from '../transform/step-kinds.js';
import type { Column } from './column.js';
import { columnsById } from './column-pointer.js';
import { targetTypes } from './conversions.js';
import { mergeFields, NO_COLUMNS } from './design-from-fields.js';
import { publicValues } from './public-values.js';
import { sizeInMemory } from './size-in-memory.js';
import { columnFaults } from './validate-design.js';

const { columns: SAMPLED, lastKey } = mergeFields(NO_COLUMNS, inferFields({ id: 1, text: 'x' }));
const [ID, TEXT] = SAMPLED as [Column, Column];
/** What a geolocation group makes. */
const POINT: Column = {
  ...TEXT,
  ...{ id: 'place', name: 'place', key: 'place', storedKey: 'c9', origin: 'TRANSFORMATION' },
  ...{ type: 'GEO_POINT', sourceType: 'GEO_POINT' },
};
const COLUMNS = [ID, TEXT, POINT];
const faultsOf = (change: Partial<Column>, of = POINT) =>
  columnFaults({ ...of, ...change }, columnsById(COLUMNS)).map(({ message }) => message);
const POINTS = 'its values are points; use the columns that they are made of';

describe('a column of points', () => {
  it('has no fault of its own', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each<[Partial<Column>, string]>([
    [{ uniqueIdentifier: true }, `uniqueIdentifier of column "place": it has no value to identify by: ${POINTS}`],
    [
      { securityName: 's' },
      `securityName of column "place": it has no value to restrict rows by: ${POINTS}; or clear the security name`,
    ],
    [{ link: { url: 'https://h/', title: null } }, `link of column "place": it has no value to show: ${POINTS}`],
    [{ displayFormat: '0.00' }, 'displayFormat of column "place": it is for dates and numbers; this is GEO_POINT'],
    [{ type: 'TEXT' }, 'type of column "place": GEO_POINT cannot be converted to TEXT; it can be GEO_POINT'],
  ])('cannot have %j', (change, message) => {
    expect(faultsOf(change)).toEqual([message]);
  });

  it('cannot be named by a link', () => {
    const link = { url: 'https://h/{{place}}', title: null };
    expect(faultsOf({ link }, TEXT)).toEqual([
      `link of column "text": the token {{"place"}} names a column that cannot be used: ${POINTS}`,
    ]);
  });

  it('is never what another column becomes', () => {
    const others = COLUMN_TYPES.filter((type) => type !== 'GEO_POINT');
    expect(others.flatMap((type) => targetTypes({ type, textForm: 'ANY' }))).not.toContain('GEO_POINT');
    expect(faultsOf({ type: 'GEO_POINT' }, TEXT)).toEqual([
      'type of column "text": TEXT cannot be converted to GEO_POINT; it can be TEXT, NUMERIC, BOOLEAN, DATETIME',
    ]);
  });

  it.each<Step>([
    { kind: 'toText', settings: { column: 'place' } },
    { kind: 'coalesce', settings: { values: [{ column: 'place' }, { constant: 1 }] } },
    { kind: 'hash', settings: { column: 'place' } },
    { kind: 'formula', settings: { source: 'place' } },
  ])('is no input of a step: %j', (step) => {
    const base = { sampleColumns: COLUMNS, createdColumns: [], lastKey };
    const rest = { id: 's', name: 's', enabled: true, output: { create: 'r' }, replaceWith: null } as const;
    const { faults } = planTransformations(base, [{ ...rest, onError: 'REJECT_RECORD', step }]);
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/is "place": the column is GEO_POINT; the step takes/),
    ]);
  });

  it('is told of with advice that can be followed', () => {
    const rest = { enabled: true, onError: 'REJECT_RECORD', replaceWith: null } as const;
    const place = {
      ...{ ...rest, id: 'g', name: 'g', output: { create: 'g' } },
      step: { kind: 'locateAddress', settings: { city: 'text' } } as Step,
    };
    const base = { sampleColumns: [ID, TEXT], createdColumns: [], lastKey };
    const faultsWith = (step: Step, output: { readonly create: string } | null) =>
      planTransformations(base, [{ ...rest, id: 's', name: 's', output, step }, place]).faults.map(
        ({ message }) => message,
      );
    expect(faultsWith({ kind: 'removeColumn', settings: { column: 'text' } }, null)).toEqual([
      expect.stringMatching(/geolocation "g".*step "s" removes it; disable or delete that step$/),
    ]);
    expect(faultsWith({ kind: 'toText', settings: { column: 'g' } }, { create: 'r' })).toEqual([
      expect.stringMatching(
        /geolocation "g" creates it, and points cannot be read; use the columns that they are made of$/,
      ),
    ]);
  });

  it('is not looked up by other datasets', () => {
    const columns = [{ ...ID, uniqueIdentifier: true }, TEXT, POINT];
    const by = [{ identifier: 'id', column: 'a' }];
    expect(resolveLookup({ dataset: 'd', by, take: 'place' }, columns)).toEqual({
      fault:
        'take is "place": the column is GEO_POINT, which steps do not read or create; take the columns that its points are made of',
    });
  });

  it('is shown as latitude and longitude', () => {
    expect(publicValues([POINT], { c9: geoPoint(1, 180) })).toEqual({ place: { lat: 1, lon: -180 } });
    expect(publicValues([POINT], {})).toEqual({ place: null });
    expect(sizeInMemory([{ c9: geoPoint(1, 2) }])).toBeGreaterThan(sizeInMemory([{ c9: 1 }]));
  });
});
