import type { Column } from '../design/column.js';
import { identifiersOf } from '../design/identity.js';
import { briefJson } from '../json/stringify-json.js';
import type { Transformation } from '../transform/transformation.js';
import type { LookedUpColumn } from './resolve-lookup.js';

/** What a design looks up in one dataset. */
export interface WantedColumns {
  readonly identifiers: readonly LookedUpColumn[];
  /** Those that steps take, by stored key. */
  readonly columns: ReadonlyMap<string, LookedUpColumn>;
}

/** What a design looks up, by the id of the dataset. */
export type Lookups = ReadonlyMap<string, WantedColumns>;

/** What the transformations of a design look up; null if they look up nothing, so that such a design pays nothing. */
export function lookupsOf(transformations: readonly Transformation[]): Lookups | null {
  const lookups = new Map<string, { identifiers: readonly LookedUpColumn[]; columns: Map<string, LookedUpColumn> }>();
  for (const { enabled, step } of transformations) {
    if (!enabled || step.kind !== 'lookup') continue;
    const { dataset, resolved } = step.settings;
    if (!resolved || 'fault' in resolved) continue;
    const known = lookups.get(dataset) ?? { identifiers: resolved.identifiers, columns: new Map() };
    known.columns.set(resolved.take.storedKey, resolved.take);
    lookups.set(dataset, known);
  }
  return lookups.size === 0 ? null : lookups;
}

/** The ids of the datasets that transformations look up, also those of disabled ones, which can be enabled again. */
export function lookedUpDatasets(transformations: readonly Transformation[]): string[] {
  return [...new Set(transformations.flatMap(({ step }) => (step.kind === 'lookup' ? [step.settings.dataset] : [])))];
}

/** Why columns of a dataset cannot be looked up as a design wants them: by stored key. `columns` are those of the dataset's applied design now. */
export function changedColumns(
  datasetId: string,
  wanted: WantedColumns,
  columns: readonly Column[],
): Readonly<Record<string, string>> {
  const shape = (some: readonly LookedUpColumn[]) => JSON.stringify(some.map(({ id, type }) => [id, type]));
  const shown = `dataset ${briefJson(datasetId)}`;
  if (shape(identifiersOf(columns)) !== shape(wanted.identifiers))
    return allFaulty(wanted, `the unique identifiers of ${shown} are others now; ${SAVE_AGAIN}`);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const faults: Record<string, string> = {};
  for (const { id, storedKey, type } of wanted.columns.values()) {
    const now = byId.get(id);
    const where = `column ${briefJson(id)} of ${shown}`;
    if (!now) faults[storedKey] = `${where} no longer exists; ${SAVE_AGAIN}`;
    else if (!now.enabled) faults[storedKey] = `${where} is disabled now; enable it there`;
    else if (now.type !== type) faults[storedKey] = `${where} was ${type} and is ${now.type} now; ${SAVE_AGAIN}`;
    // Its values are not those of the column that was pinned, which no row has any more.
    else if (now.storedKey !== storedKey) faults[storedKey] = `${where} was replaced by a new one; ${SAVE_AGAIN}`;
  }
  return faults;
}

/** The same fault for all columns that are wanted of a dataset. */
export function allFaulty({ columns }: WantedColumns, fault: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...columns.keys()].map((storedKey) => [storedKey, fault]));
}

const SAVE_AGAIN = 'save the transformations of this design again, and apply them';
