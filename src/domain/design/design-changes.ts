import { shownStep } from '../transform/step-kinds.js';
import { isGeolocation, type Transformation } from '../transform/transformation.js';
import type { Column, ColumnLink } from './column.js';
import { columnsById } from './column-pointer.js';
import type { Design } from './design.js';

/**
 * When a change takes effect. AT_ONCE: immediately; it affects neither rows nor loads. NEXT_PUSH: for pushes that are accepted later. RELOAD: after the stored rows have been
 * rebuilt.
 */
export type ChangeEffect = 'AT_ONCE' | 'NEXT_PUSH' | 'RELOAD';

type Shown = readonly unknown[] | string | number | boolean | null | ColumnLink | Readonly<Record<string, unknown>>;

/** One difference between two designs. */
export interface DesignChange {
  /** A JSON Pointer: `/columns/{column id}`, `/columns/{column id}/{setting}`, `/sampleVersion`, `/transformations`, `/geolocations`, or `/` and the name of a rule. */
  readonly path: string;
  /** Null if there was none. */
  readonly before: Shown;
  readonly after: Shown;
  readonly effect: ChangeEffect;
}

const EFFECT_OF_SETTING = {
  name: 'AT_ONCE',
  enabled: 'RELOAD',
  type: 'RELOAD',
  undetermined: 'RELOAD',
  inputFormat: 'RELOAD',
  inputTimeZone: 'RELOAD',
  displayFormat: 'AT_ONCE',
  uniqueIdentifier: 'RELOAD',
  indexed: 'RELOAD',
  securityName: 'AT_ONCE',
  sensitive: 'AT_ONCE',
  link: 'AT_ONCE',
} as const;
const SETTINGS = Object.keys(EFFECT_OF_SETTING) as (keyof typeof EFFECT_OF_SETTING)[];
const RULES = ['sampleVersion', 'mismatchPolicy', 'missingFields', 'unknownFields'] as const;

const isStep = (one: Transformation) => !isGeolocation(one);

/** The differences between a design and its successor. */
export function designChanges(from: Design, to: Design): DesignChange[] {
  const before = columnsById(from.columns);
  const after = new Set(to.columns.map(({ id }) => id));
  return [
    ...RULES.flatMap((rule) => difference(`/${rule}`, from[rule], to[rule], 'NEXT_PUSH')),
    ...listChange('/transformations', from.transformations.filter(isStep), to.transformations.filter(isStep)),
    ...listChange(
      '/geolocations',
      from.transformations.filter(isGeolocation),
      to.transformations.filter(isGeolocation),
    ),
    ...to.columns.flatMap((column) => columnChanges(before.get(column.id), column)),
    ...from.columns.flatMap((column) => (after.has(column.id) ? [] : [appearance(column, 'gone')])),
  ];
}

/** The change of a list of steps: the transformations or the geolocations. A change of settings that nobody may read is a change too, with the same list before and after. */
function listChange(path: string, before: readonly Transformation[], after: readonly Transformation[]): DesignChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, before: before.map(shown), after: after.map(shown), effect: effectOfLists(before, after) }];
}

/** Their names do not affect rows. */
function effectOfLists(before: readonly Transformation[], after: readonly Transformation[]): ChangeEffect {
  const unnamed = (list: readonly Transformation[]) => JSON.stringify(list.map(({ name: _, ...rest }) => rest));
  return unnamed(before) === unnamed(after) ? 'AT_ONCE' : 'RELOAD';
}

function shown({ step, ...rest }: Transformation): unknown {
  return { ...rest, step: shownStep(step) };
}

/** The most far-reaching effect of these changes; null if there are none. */
export function effectOf(changes: readonly DesignChange[]): ChangeEffect | null {
  for (const effect of ['RELOAD', 'NEXT_PUSH', 'AT_ONCE'] as const) {
    if (changes.some((change) => change.effect === effect)) return effect;
  }
  return null;
}

function columnChanges(before: Column | undefined, after: Column): DesignChange[] {
  if (!before) return [appearance(after, 'new')];
  const path = columnPath(after);
  return SETTINGS.flatMap((setting) =>
    difference(`${path}/${setting}`, before[setting], after[setting], EFFECT_OF_SETTING[setting]),
  );
}

function appearance(column: Column, what: 'new' | 'gone'): DesignChange {
  const shown = { name: column.name, type: column.type, enabled: column.enabled };
  const effect = column.enabled ? 'RELOAD' : 'NEXT_PUSH';
  const [before, after] = what === 'new' ? [null, shown] : [shown, null];
  return { path: columnPath(column), before, after, effect };
}

function difference(path: string, before: Shown, after: Shown, effect: ChangeEffect): DesignChange[] {
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after, effect }];
}

function columnPath({ id }: Column): string {
  return `/columns/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
