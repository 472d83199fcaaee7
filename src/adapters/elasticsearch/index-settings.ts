/** The largest value that Elasticsearch accepts, so that no text is left out of its field, however long it is. */
const NO_LIMIT = '2147483647';

/**
 * Settings that rows depend on. An index template whose pattern matches our names may set other values, so each index gets these explicitly. Anybody with the
 * privilege can change them later, so each index is checked.
 */
const EXACTLY: Readonly<Record<string, string>> = {
  'index.mode': 'standard',
  'index.mapping.source.mode': 'stored',
  'index.mapping.ignore_above': NO_LIMIT,
  // True would drop a value that does not fit, and not refuse its row.
  'index.mapping.ignore_malformed': 'false',
  // `async` would acknowledge rows that a power failure can still lose.
  'index.translog.durability': 'request',
  // A pipeline could change or drop rows.
  'index.default_pipeline': '_none',
  'index.final_pipeline': '_none',
};

/** Limits that our own searches need: for a page of a scan, a list of a filter, and a pattern of 1,000 escaped characters. */
const AT_LEAST: Readonly<Record<string, number>> = {
  'index.max_result_window': 10_000,
  'index.max_terms_count': 65_536,
  'index.max_regex_length': 10_000,
  'index.max_docvalue_fields_search': 100,
};

/** Set to null, which removes the value of a template. */
const UNSET: readonly string[] = [
  'index.sort.field',
  'index.sort.order',
  'index.sort.mode',
  'index.sort.missing',
  'index.routing_path',
  'index.routing_partition_size',
  'index.number_of_routing_shards',
  'index.mapping.depth.limit',
  'index.mapping.field_name_length.limit',
];

/** Cannot be set, since a server without lifecycle management does not know it. A policy could shrink an index, roll it over or delete it. */
const NEVER_SET: readonly string[] = ['index.lifecycle.name', 'index.sort.field', 'index.routing_partition_size'];

/** The settings with which every index is created, whatever templates say. */
export const EXPLICIT_SETTINGS: Readonly<Record<string, string | number | null>> = {
  ...EXACTLY,
  ...AT_LEAST,
  ...Object.fromEntries(UNSET.map((name) => [name, null])),
};

/** The flat settings that are unsafe for rows: name, value, and what is needed. An absent setting has Elasticsearch's default, which is correct. */
export function settingFaults(settings: Readonly<Record<string, unknown>>): string[] {
  const faults: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (value === null || value === undefined) continue;
    const needed = neededOf(name, String(value));
    if (needed !== null) faults.push(`${name} is ${String(value)} instead of ${needed}`);
  }
  return faults;
}

/** What the setting should be; null if its value is acceptable. */
function neededOf(name: string, value: string): string | null {
  const exactly = EXACTLY[name];
  if (exactly !== undefined) return value === exactly ? null : exactly;
  const atLeast = AT_LEAST[name];
  if (atLeast !== undefined) return Number(value) >= atLeast ? null : `${atLeast} or more`;
  return NEVER_SET.includes(name) ? 'not set' : null;
}
