/** The largest that Elasticsearch takes: no text is left out of its field, however long it is. */
const NO_LIMIT = '2147483647';

/**
 * Settings whose value rows depend on. An index template whose pattern takes in our names may set others, so each index is given these; anybody with the
 * right to can change them later, so each index is read back.
 */
const EXACTLY: Readonly<Record<string, string>> = {
  'index.mode': 'standard',
  'index.mapping.source.mode': 'stored',
  'index.mapping.ignore_above': NO_LIMIT,
  // True drops a value that does not fit instead of refusing its row.
  'index.mapping.ignore_malformed': 'false',
  // `async` acknowledges rows that a power cut takes away.
  'index.translog.durability': 'request',
  // A pipeline may change or drop rows.
  'index.default_pipeline': '_none',
  'index.final_pipeline': '_none',
};

/** Bounds of a search that our own searches need: a page of a scan, a list of a filter, a pattern of 1,000 characters, each escaped. */
const AT_LEAST: Readonly<Record<string, number>> = {
  'index.max_result_window': 10_000,
  'index.max_terms_count': 65_536,
  'index.max_regex_length': 10_000,
  'index.max_docvalue_fields_search': 100,
};

/** Given as null, which takes a template's value away. */
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

/** Cannot be given, since a server without lifecycle management does not know it. A policy may shrink an index, roll it over or delete it. */
const NEVER_SET: readonly string[] = ['index.lifecycle.name', 'index.sort.field', 'index.routing_partition_size'];

/** What every index is made with, whatever templates say. */
export const EXPLICIT_SETTINGS: Readonly<Record<string, string | number | null>> = {
  ...EXACTLY,
  ...AT_LEAST,
  ...Object.fromEntries(UNSET.map((name) => [name, null])),
};

/** The settings, flat, that rows cannot live with: name, value and what is needed. An absent setting has Elasticsearch's default, which is right. */
export function settingFaults(settings: Readonly<Record<string, unknown>>): string[] {
  const faults: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (value === null || value === undefined) continue;
    const needed = neededOf(name, String(value));
    if (needed !== null) faults.push(`${name} is ${String(value)} instead of ${needed}`);
  }
  return faults;
}

/** What the setting should be; null where its value will do. */
function neededOf(name: string, value: string): string | null {
  const exactly = EXACTLY[name];
  if (exactly !== undefined) return value === exactly ? null : exactly;
  const atLeast = AT_LEAST[name];
  if (atLeast !== undefined) return Number(value) >= atLeast ? null : `${atLeast} or more`;
  return NEVER_SET.includes(name) ? 'not set' : null;
}
