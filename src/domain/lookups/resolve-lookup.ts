import type { Column } from '../design/column.js';
import { identifiersOf } from '../design/identity.js';
import { briefJson } from '../json/stringify-json.js';

/** The settings of a lookup that callers give. */
export interface LookupSettings {
  /** The id of the dataset to look up. */
  readonly dataset: string;
  /** Which column of this design has the value of each unique identifier of that dataset. */
  readonly by: readonly LookupKey[];
  /** The id of the column of that dataset that gives the value. */
  readonly take: string;
  /** Whether it is an error if that dataset has no such record. By default the result is null. */
  readonly required?: boolean | undefined;
}

export interface LookupKey {
  readonly identifier: string;
  readonly column: string;
}

/** A column of the other dataset, as it was when the design was saved. */
export type LookedUpColumn = Pick<Column, 'id' | 'storedKey' | 'type'>;

/** What a lookup takes from the other dataset's applied design, so that a design can be planned without reading anything. */
export interface ResolvedLookup {
  /** In the order in which they identify records. */
  readonly identifiers: readonly LookedUpColumn[];
  readonly take: LookedUpColumn;
}

/** Why a lookup cannot be saved. */
export interface LookupFault {
  readonly fault: string;
}

/** Checks a lookup against the columns of the other dataset's applied design, and pins those that it uses. */
export function resolveLookup(settings: LookupSettings, columns: readonly Column[]): ResolvedLookup | LookupFault {
  const identifiers = identifiersOf(columns);
  const fault = faultOfKeys(settings, identifiers) ?? faultOfTaken(settings, columns);
  const take = columns.find(({ id }) => id === settings.take);
  if (fault !== null || !take) return { fault: fault ?? '' };
  return { identifiers: identifiers.map(pinned), take: pinned(take) };
}

function pinned({ id, storedKey, type }: Column): LookedUpColumn {
  return { id, storedKey, type };
}

function faultOfKeys({ dataset, by }: LookupSettings, identifiers: readonly Column[]): string | null {
  const shown = briefJson(dataset);
  if (identifiers.length === 0)
    return `dataset is ${shown}, which has no unique identifier to look records up by; mark one of its columns as unique identifier and apply that`;
  const wanted = identifiers.map(({ id }) => briefJson(id)).join(', ');
  const given = by.map(({ identifier }) => identifier);
  const odd = by.findIndex(({ identifier }) => !identifiers.some(({ id }) => id === identifier));
  if (odd >= 0)
    return `by[${odd}].identifier is ${briefJson(given[odd])}, which is not a unique identifier of dataset ${shown}; those are ${wanted}`;
  const repeated = by.findIndex(({ identifier }, index) => given.indexOf(identifier) !== index);
  if (repeated >= 0)
    return `by[${repeated}].identifier is ${briefJson(given[repeated])}, which an earlier entry has too; give each identifier once`;
  const missing = identifiers.find(({ id }) => !given.includes(id));
  if (missing) return `by has no entry for ${briefJson(missing.id)}; give one for each unique identifier: ${wanted}`;
  return null;
}

function faultOfTaken({ dataset, take }: LookupSettings, columns: readonly Column[]): string | null {
  const column = columns.find(({ id }) => id === take);
  const named = `take is ${briefJson(take)}`;
  if (!column) return `${named}: the applied design of dataset ${briefJson(dataset)} has no column of this id`;
  if (!column.enabled)
    return `${named}: the column is disabled in dataset ${briefJson(dataset)}; enable it there, and apply that`;
  if (column.type === 'GEO_POINT')
    return `${named}: the column is GEO_POINT, which steps do not read or create; take the columns that its points are made of`;
  return null;
}
