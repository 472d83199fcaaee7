import { isDeepStrictEqual } from 'node:util';
import type { estypes } from '@elastic/elasticsearch';
import { RecordStoreError } from '../../ports/record-store.js';
import { generationOf, isForFilters, type Properties } from './generation-index.js';
import { settingFaults } from './index-settings.js';
import { rowsGone } from './store-error.js';

/** The state of an index, and what its searches and refreshes report. */
export interface CheckedIndex {
  readonly name: string;
  /** How many shards a search reports. */
  readonly shards: number;
  /** How many copies of shards a refresh reports. */
  readonly copies: number;
  /** The fields of columns that only filters need. */
  readonly forFilters: readonly string[];
}

/** The most faults that a message names. */
const MAX_NAMED = 5;

/**
 * Checks the alias of a generation: it must have exactly one index, whose settings and mapping are safe for rows. `expected` has the fields with which the index was
 * created. Throws BLOCKED, naming what differs, and GENERATION_MISSING if there is no index of ours.
 */
export function checkIndex(
  alias: string,
  found: Readonly<Record<string, estypes.IndicesIndexState>>,
  expected: Properties = {},
): CheckedIndex {
  const names = Object.keys(found).sort();
  const [name = ''] = names;
  const state = found[name];
  const ours = state?.aliases?.[alias];
  if (!state || !ours) throw rowsGone(generationOf(alias));
  if (names.length > 1) {
    const message = `Elasticsearch: the alias ${alias} has ${names.length} indices (${names.join(', ')}); it must have one: remove the alias from the others`;
    throw new RecordStoreError('BLOCKED', message);
  }
  const settings = flat(state.settings);
  const faults = [
    ...aliasFaults(ours),
    ...settingFaults(settings),
    ...mappingFaults(state.mappings ?? {}),
    ...fieldFaults(state.mappings?.properties ?? {}, expected),
  ];
  if (faults.length > 0) throw new RecordStoreError('BLOCKED', unfit(name, faults));
  const shards = Number(settings['index.number_of_shards'] ?? 1);
  const replicas = Number(settings['index.number_of_replicas'] ?? 0);
  const forFilters = Object.keys(state.mappings?.properties ?? {}).filter(isForFilters);
  return { name, shards, copies: shards * (1 + replicas), forFilters };
}

/** The settings are requested in flat form, which the client's types do not have. */
function flat(settings: estypes.IndicesIndexSettings | undefined): Readonly<Record<string, unknown>> {
  return { ...settings };
}

function unfit(name: string, faults: readonly string[]): string {
  const more = faults.length > MAX_NAMED ? ` and ${faults.length - MAX_NAMED} more` : '';
  const named = faults.slice(0, MAX_NAMED).join(', ');
  return `Elasticsearch: index ${name} cannot hold rows: ${named}${more}; change the setting, or the index template that sets it`;
}

function aliasFaults(alias: estypes.IndicesAlias): string[] {
  const faults: string[] = [];
  if (alias.filter) faults.push('its alias has a filter');
  if (alias.index_routing !== undefined || alias.search_routing !== undefined) faults.push('its alias has a routing');
  return faults;
}

/** Checks the mapping as a whole: if the source is not stored in full, other values are read than were written. */
function mappingFaults({ _source: source, _routing: routing, runtime }: estypes.MappingTypeMapping): string[] {
  const faults: string[] = [];
  if (source?.enabled === false) faults.push('_source.enabled is false');
  if (source?.mode !== undefined && source.mode !== 'stored') faults.push(`_source.mode is ${source.mode}`);
  for (const part of ['includes', 'excludes'] as const) {
    const fields = source?.[part] ?? [];
    if (fields.length > 0) faults.push(`_source.${part} is ${fields.join(', ')}`);
  }
  if (routing?.required) faults.push('_routing.required is true');
  for (const name of Object.keys(runtime ?? {})) {
    if (isOurs(name)) faults.push(`the runtime field ${name} hides the field of that name`);
  }
  return faults;
}

/** Parameters that change the meaning of a field and that can be added to an existing field. */
const MEANINGS = ['ignore_above', 'ignore_malformed', 'null_value', 'normalizer', 'copy_to', 'script', 'fields'];

/** Fields that others have added do no harm, because rows do not have them. */
function fieldFaults(fields: Properties, expected: Properties): string[] {
  const faults: string[] = [];
  for (const [name, property] of Object.entries(fields)) {
    if (!isOurs(name)) continue;
    const actual: Readonly<Record<string, unknown>> = { ...property };
    const wanted: Readonly<Record<string, unknown>> = { ...expected[name] };
    for (const key of new Set([...MEANINGS, ...Object.keys(wanted)])) {
      const fits = key in wanted ? isDeepStrictEqual(actual[key], wanted[key]) : !actual[key];
      if (!fits) faults.push(`${key} of field ${name} is ${JSON.stringify(actual[key])}`);
    }
  }
  for (const name of Object.keys(expected)) if (!fields[name]) faults.push(`field ${name} is missing`);
  return faults;
}

/** The names of our fields: one letter, or `c`, a number and letters. */
function isOurs(name: string): boolean {
  return /^(?:[a-z]|c\d+[a-z]*)$/.test(name);
}
