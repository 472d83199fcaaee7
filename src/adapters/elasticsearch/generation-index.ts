import type { estypes } from '@elastic/elasticsearch';
import type { StoredColumn } from '../../domain/query/record-query.js';
import type { ColumnType } from '../../domain/sample/source-field.js';
import { EXPLICIT_SETTINGS } from './index-settings.js';

/** The fields of a mapping. */
export type Properties = Readonly<Record<string, estypes.MappingProperty>>;

/** How the index of a generation is laid out. */
export interface IndexSettings {
  readonly shards: number;
  /** A number, or a range such as `0-1`, in which the cluster uses as many as it has nodes for. */
  readonly replicas: string;
  /** How often rows become visible in addition to the refresh at the end of every group; `-1`: never. */
  readonly refreshInterval: string;
}

/** The prefix of all our names in Elasticsearch, so that privileges can be given for `sluice_rows_*`. */
export const PREFIX = 'sluice_';
/** Matches all our indices and aliases. */
export const OUR_INDICES = `${PREFIX}*`;
/** Room in the field limit for fields that an index template adds. */
const SPARE_FIELDS = 1_000;

/** The alias by which a generation is read and written. */
export function aliasOf(generation: string): string {
  return PREFIX + generation;
}

/** The index under the alias. Nobody writes to it by this name, so that a late write cannot create it again after it was dropped. */
export function indexOf(generation: string): string {
  return `${aliasOf(generation)}-index`;
}

/** The generation that an index or alias of ours belongs to; null for names that are not ours. */
export function generationOf(name: string): string | null {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length).replace(/-index$/, '') : null;
}

/**
 * The field that holds a column's values. The source has dates as milliseconds; the `d` after the stored key distinguishes them from numbers without a look at the
 * mapping.
 */
export function fieldOf({ storedKey, type }: StoredColumn): string {
  return type === 'DATETIME' || type === 'DATETIME_ARRAY' ? `${storedKey}d` : storedKey;
}

/** The second field of a text column, for its long texts (see `rows/long-text.ts`). */
export function longFieldOf({ storedKey }: StoredColumn): string {
  return `${storedKey}l`;
}

/**
 * The further fields of a column of points, for its numbers: in the `geo_point` itself, a number is rounded to a multiple of 360 / 2^32 degrees, up to a centimetre. They are not indexed: the
 * `geo_point` finds the rows, and they decide.
 */
export function pointFieldsOf({ storedKey }: Pick<StoredColumn, 'storedKey'>) {
  return { lat: `${storedKey}y`, lon: `${storedKey}x` };
}

/**
 * Whether a field of a column is only for filters: long texts, and the numbers of points, which the row also has elsewhere. Reads leave it out. It is not left out when it is stored, because then
 * Elasticsearch would keep a second copy of every row for a while.
 */
export function isForFilters(field: string): boolean {
  return /^c\d+[lxy]$/.test(field);
}

/** The fields of an index for rows of these columns. */
export function propertiesFor(columns: readonly StoredColumn[]): Properties {
  const properties: Record<string, estypes.MappingProperty> = { ...OWN_PROPERTIES };
  for (const column of columns) {
    properties[fieldOf(column)] = propertyOf(column.type);
    if (isText(column)) properties[longFieldOf(column)] = { type: 'keyword', index: false };
    if (column.type === 'GEO_POINT')
      for (const field of Object.values(pointFieldsOf(column))) properties[field] = { type: 'double', index: false };
  }
  return properties;
}

/** Makes an index with its alias and these fields. */
export function indexDefinition(
  generation: string,
  properties: Properties,
  { shards, replicas, refreshInterval }: IndexSettings,
): estypes.IndicesCreateRequest {
  const isRange = replicas.includes('-');
  return {
    index: indexOf(generation),
    aliases: { [aliasOf(generation)]: { is_write_index: true } },
    settings: {
      ...EXPLICIT_SETTINGS,
      'index.number_of_shards': shards,
      'index.auto_expand_replicas': isRange ? replicas : 'false',
      ...(!isRange && { 'index.number_of_replicas': replicas }),
      'index.refresh_interval': refreshInterval,
      'index.mapping.total_fields.limit': Object.keys(properties).length + SPARE_FIELDS,
    },
    mappings: { dynamic: 'strict', subobjects: true, _source: { enabled: true }, properties: { ...properties } },
  };
}

function isText({ type }: StoredColumn): boolean {
  return type === 'TEXT' || type === 'TEXT_ARRAY';
}

const NOT_INDEXED = { type: 'object', enabled: false } as const;

/** See {@link RowSource}, {@link HiddenSource} and {@link TombstoneSource}. */
const OWN_PROPERTIES: Record<string, estypes.MappingProperty> = {
  i: { type: 'keyword' },
  e: { type: 'keyword' },
  p: { type: 'keyword', doc_values: false },
  h: { type: 'keyword' },
  d: { type: 'keyword' },
  t: { type: 'date', format: 'epoch_millis' },
  b: { type: 'integer' },
  m: NOT_INDEXED,
  x: NOT_INDEXED,
  j: NOT_INDEXED,
};

function propertyOf(type: ColumnType): estypes.MappingProperty {
  switch (type) {
    case 'NUMERIC':
    case 'NUMERIC_ARRAY':
      return { type: 'double' };
    case 'BOOLEAN':
    case 'BOOLEAN_ARRAY':
      return { type: 'boolean' };
    case 'DATETIME':
    case 'DATETIME_ARRAY':
      return { type: 'date', format: 'epoch_millis' };
    case 'TEXT':
    case 'TEXT_ARRAY':
      return { type: 'keyword' };
    case 'GEO_POINT':
      return { type: 'geo_point' };
    case 'OBJECT':
    case 'OBJECT_ARRAY':
      throw new TypeError(`rows hold no values of ${type}`);
  }
}
