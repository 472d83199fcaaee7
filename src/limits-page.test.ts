import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { maxHeaderSize } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, Kind, parse } from 'graphql';
import { readConfig } from './config.js';
import { atOnce } from './domain/at-once.js';
import { DEFAULT_RULES } from './domain/design/design.js';
import { mergeFields, NO_COLUMNS } from './domain/design/design-from-fields.js';
import type { ColumnPatch } from './domain/design/edit-design.js';
import { editDesign, refuseFaults } from './domain/design/edit-design.js';
import { validateDesign } from './domain/design/validate-design.js';
import { HTTP_STATUS_OF_CODE, SluiceError } from './domain/errors.js';
import { checkHookSecret, verifySignature } from './domain/hooks/verify-signature.js';
import { JOB_ERROR_CODES } from './domain/job/job.js';
import type { JsonObject } from './domain/json/json-value.js';
import { parseJson } from './domain/json/parse-json.js';
import { payloadOfValue } from './domain/push/payload-of-value.js';
import { readEnvelope } from './domain/push/sent-body.js';
import { parseFilter, type RecordFilterInput } from './domain/query/parse-filter.js';
import { parseOrder } from './domain/query/parse-order.js';
import { inferFields } from './domain/sample/infer-fields.js';
import { readSample } from './domain/sample/read-sample.js';
import { OpenOperations } from './edge/graphql/open-operations.js';
import { refuseCostlyOperation } from './edge/graphql/query-cost.js';
import { refuseCostlyQuery } from './edge/graphql/query-limits.js';
import { refuseRepeatedVariables } from './edge/graphql/variable-uses.js';
import { checkedFirst, checkedName } from './usecases/checks.js';
import { idempotencyOf } from './usecases/idempotency.js';
import { checkedWait } from './usecases/wait-for-job.js';

interface Limit {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly beyond: string;
  readonly variable: string;
  /** `{file} {constant}`, or the file alone. */
  readonly place: string;
}

const FACTORS: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 * 1024, min: 60, s: 1 };

/** The rows of the tables of docs/limits.md. */
function limitsOfPage(): Limit[] {
  const rows = readFileSync('docs/limits.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| .*[0-9]/.test(line));
  return rows.map((row) => {
    const [what = '', shown = '', beyond = '', variable = '', place = ''] = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [, digits = '', unit = ''] = /^([\d,]+) ?(.*)$/.exec(shown) ?? [];
    const value = Number(digits.replaceAll(',', '')) * (FACTORS[unit] ?? 1);
    return { what, value, unit, beyond, variable: variable.replaceAll('`', ''), place: place.replaceAll('`', '') };
  });
}

/** The constants with a number, by `{file} {name}`. */
function constantsOfCode(): Map<string, number> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  const found = new Map<string, number>();
  for (const file of files) {
    for (const [, name, expression = ''] of readFileSync(join('src', file), 'utf8').matchAll(CONSTANT)) {
      const factors = expression
        .split('*')
        .map((factor) => FACTORS[factor.trim()] ?? Number(factor.replaceAll('_', '')));
      const value = factors.reduce((product, factor) => product * factor, 1);
      const perUnit = name?.endsWith('_MS') ? 1000 : 1;
      found.set(`${file} ${name}`, value / perUnit);
    }
  }
  return found;
}

const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*) = ([^;\n]*);$/gm;

/** Internal limits, which no caller can reach, with what they limit. */
const INTERNAL = new Map([
  ['readiness.ts MAX_HELD_UP', 'lanes that /readyz looks at'],
  ['edge/server.ts MAX_URL_LENGTH', 'ids in paths, which the bound of the request line keeps far shorter'],
  ['pipeline/compiled-designs.ts MAX_COMPILED_BYTES', 'designs in memory'],
  ['adapters/mongodb/kept-designs.ts MAX_KEPT_BYTES', 'designs in memory'],
  ['domain/design/time-zone.ts MAX_KNOWN_DAYS', 'days in memory'],
  ['domain/transform/regular-expression.ts MAX_KEPT_PATTERNS', 'patterns in memory'],
  ['domain/json/exact-number.ts MAX_DIGITS', 'digits that a double may hold'],
  ['domain/transform/steps/round.ts MAX_SCALED', 'numbers that are rounded in a fast way'],
  ['domain/json/decimal.ts MAX_DOUBLE_DIGITS', 'how numbers are written'],
  ['domain/json/decimal.ts MAX_PLAIN_POWER', 'how numbers are written'],
  ['domain/json/decimal.ts MAX_ADDED_ZEROS', 'how numbers are written'],
  ['domain/query/cursor.ts MAX_ROW_ID', 'the form of cursors'],
  ['domain/query/cursor.ts MAX_CURSOR_TEXT', 'the form of cursors'],
  ['adapters/geocoding/places-file.ts MAX_SHARED', 'how the file of places is written'],
  ['adapters/geocoding/byte-table.ts MAX_SOUGHT_BYTES', 'longer names are in no data'],
  ['adapters/mongodb/lane-appender.ts MAX_ENTRIES', 'jobs that one write accepts'],
  ['adapters/mongodb/lane-appender.ts MAX_WRITE_BYTES', 'bytes that one write accepts'],
  ['adapters/mongodb/lane-appender.ts MAX_LOST_RACES', 'how often other processes may be faster'],
  ['adapters/elasticsearch/open-indices.ts MAX_KEPT_INDICES', 'indices in memory'],
  ['adapters/elasticsearch/index-check.ts MAX_NAMED', 'faults that a message names'],
  ['adapters/elasticsearch/rows/row-filter.ts MAX_PATTERN_STATES', 'what the longest sought text costs'],
]);

const { columns } = mergeFields(NO_COLUMNS, inferFields({ t: 'x' }));
const points = columns.map((column) => ({ ...column, id: 'p', type: 'GEO_POINT' as const }));
const circle = (meters: number) => ({
  column: 'p',
  op: 'WITHIN_DISTANCE' as const,
  value: { lat: 0, lon: 0, meters },
});
const text = (length: number) => 'x'.repeat(length);
const nested = (levels: number) => parseJson(`${'{"k":'.repeat(levels - 1)}{"k":1}${'}'.repeat(levels - 1)}`);
const filtered = (input: RecordFilterInput) => parseFilter(input, columns);
const isIn = (count: number) => ({ column: 't', op: 'IN' as const, values: Array(count).fill('x') });
const contains = (length: number) => ({ column: 't', op: 'CONTAINS' as const, value: text(length) });
/** Parts of at most `most`, which are `total` together. */
const split = (total: number, most: number) =>
  [...Array(Math.floor(total / most)).fill(most), total % most].filter((part) => part > 0);

/** Columns of a design, one for each. */
function columnsOf(count: number) {
  const record = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'x']));
  return mergeFields(NO_COLUMNS, inferFields(record));
}

/** An edit of a design, with a column for each patch. */
function edited(...patches: readonly Omit<ColumnPatch, 'id'>[]) {
  const rest = { datasetId: 'd', connectionId: 'c', revision: 1, sampleVersion: 1, ...DEFAULT_RULES };
  const design = { ...columnsOf(patches.length), ...rest };
  return editDesign(design, { columns: design.columns.map(({ id }, index) => ({ ...patches[index], id })) });
}

function linked(length: number) {
  return { link: { url: `https://x/${text(length - 'https://x/'.length)}`, title: null } };
}

const schema = buildSchema('type Query { one: Query, list(first: Int): [Query], value: Int }');

/** Asks for what a query selects. */
function asked(query: string, variables: Readonly<Record<string, unknown>> = {}): void {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('it is no operation');
  refuseCostlyOperation(schema, document, operation, variables);
}

/** Opens websockets of one key with so many operations each. */
function opened(operations: readonly number[]): void {
  const open = new OpenOperations();
  for (const count of operations) {
    const peer = { subscriptions: { ...Array(count).fill(null) } };
    open.add('key', peer);
    open.refuseTooMany('key', peer);
  }
}

/** Checks a signature of Stripe that is so old. */
function verifyAged(seconds: number): void {
  const body = Buffer.from('{}');
  const secret = 'whsec_of_a_test_that_signs';
  const digest = createHmac('sha256', secret).update('0.{}').digest('hex');
  verifySignature({ scheme: 'STRIPE', secret }, () => `t=0,v1=${digest}`, body, new Date(1000 * seconds));
}

/** For each limit, something of a given size. Limits that need a service or a store are tested in other suites. */
const PROBES: Readonly<Record<string, (size: number) => unknown>> = {
  'domain/json/parse-json.ts MAX_JSON_DEPTH': (size) => parseJson('['.repeat(size) + ']'.repeat(size)),
  'domain/push/check-records.ts MAX_VALUES_OF_RECORD': (size) =>
    atOnce(payloadOfValue([{ n: Array(size - 2).fill(0) }])),
  'domain/push/sent-body.ts MAX_OPTION_BYTES': (size) =>
    atOnce(readEnvelope(Buffer.from(`{"datasetId":"${text(size - 2)}"}`), ['datasetId'])),
  'usecases/wait-for-job.ts MAX_WAIT_SECONDS': (size) => checkedWait(size, 'wait'),
  'usecases/idempotency.ts MAX_KEY_LENGTH': (size) => {
    const request = { kind: 'PUSH', method: 'UPSERT', payload: Buffer.alloc(0) };
    idempotencyOf({ ...request, idempotencyKey: text(size) }, 'd', { id: 'k' });
  },
  'domain/hooks/verify-signature.ts MAX_SECRET_LENGTH': (size) =>
    checkHookSecret({ scheme: 'GITHUB', secret: text(size) }, 'secret'),
  'domain/hooks/verify-signature.ts MAX_SIGNATURE_AGE_SECONDS': verifyAged,
  'usecases/checks.ts MAX_NAME_LENGTH': (size) => checkedName(text(size), 'name'),
  'usecases/checks.ts MAX_PAGE': checkedFirst,
  'edge/graphql/query-limits.ts MAX_NESTING': (size) => refuseCostlyQuery('{a'.repeat(size) + '}'.repeat(size)),
  'edge/graphql/query-limits.ts MAX_CHARACTERS': (size) => refuseCostlyQuery(`{a(l:"${text(size - 9)}")}`),
  'edge/graphql/variable-uses.ts MAX_USES': (size) =>
    refuseRepeatedVariables(parse(`{a(l:[${'$v '.repeat(size)}])}`), { v: {} }),
  'edge/graphql/query-limits.ts MAX_LINES': (size) => refuseCostlyQuery(`${'\n'.repeat(size - 1)}{a}`),
  'edge/graphql/query-limits.ts MAX_TOKENS': (size) => refuseCostlyQuery(`{a(l:[${'1 '.repeat(size - 9)}])}`),
  'edge/graphql/query-limits.ts MAX_NAME': (size) => refuseCostlyQuery(`{${text(size)}}`),
  'edge/graphql/variable-limits.ts MAX_VARIABLE_VALUES': (size) =>
    asked('query ($l: [Int]) { value }', { l: Array(size).fill(1) }),
  'edge/graphql/query-limits.ts MAX_SELECTION_TOKENS': (size) => refuseCostlyQuery(`{${'a '.repeat(size - 2)}}`),
  'edge/graphql/query-limits.ts MAX_ALIASES': (size) => refuseCostlyQuery(`{${'a:b '.repeat(size)}}`),
  'edge/graphql/query-limits.ts MAX_DIRECTIVES': (size) => refuseCostlyQuery(`{a ${'@b '.repeat(size)}}`),
  'edge/graphql/query-limits.ts MAX_COMPARED': (size) => {
    const fields = 125;
    const field = `a(l:"${text(Math.ceil(size / fields ** 2) - '(l:""'.length)}") `;
    refuseCostlyQuery(`{${field.repeat(fields)}}`);
  },
  'edge/graphql/query-cost.ts MAX_ROOT_FIELDS': (size) => asked(`{${'value '.repeat(size)}}`),
  'edge/graphql/query-cost.ts MAX_QUERY_FIELDS': (size) => asked(`{list(first: ${size - 1}) {value}}`),
  'edge/graphql/query-cost.ts MAX_QUERY_DEPTH': (size) =>
    asked(`${'{one'.repeat(size - 1)}{value}${'}'.repeat(size - 1)}`),
  'edge/graphql/open-operations.ts MAX_SOCKETS_OF_CALLER': (size) => opened(Array(size).fill(0)),
  'edge/graphql/open-operations.ts MAX_OPERATIONS_OF_SOCKET': (size) => opened([size]),
  'edge/graphql/open-operations.ts MAX_OPERATIONS_OF_CALLER': (size) => opened(split(size, 100)),
  'domain/sample/read-sample.ts MAX_SAMPLE_BYTES': (size) => readSample({ k: text(size - '{"k":""}'.length) }),
  'domain/sample/observation.ts MAX_SAMPLE_NESTING': (size) => inferFields(nested(size)),
  'domain/sample/infer-fields.ts MAX_SAMPLE_FIELDS': (size) =>
    inferFields(Object.fromEntries(Array.from({ length: size }, (_, n) => [`k${n}`, 1]))),
  'domain/sample/infer-fields.ts MAX_PATHS_LENGTH': (size) => inferFields({ [text(size)]: 1 } as JsonObject),
  'domain/design/validate-design.ts MAX_COLUMN_NAME': (size) => edited({ name: text(size) }),
  'domain/design/date-format.ts MAX_LENGTH': (size) =>
    edited({ type: 'DATETIME', inputFormat: `YYYY-MM-DD${' '.repeat(size - 'YYYY-MM-DD'.length)}` }),
  'domain/design/validate-design.ts MAX_FORMAT': (size) => edited({ type: 'NUMERIC', displayFormat: text(size) }),
  'domain/design/validate-design.ts MAX_INDEXED': (size) =>
    refuseFaults(validateDesign(edited(...Array(size).fill({ indexed: true })))),
  'domain/design/validate-design.ts MAX_SECURITY_NAME': (size) => edited({ securityName: text(size) }),
  'domain/design/column-link.ts MAX_URL': (size) => edited(linked(size)),
  'domain/design/column-link.ts MAX_TITLE': (size) => edited({ link: { url: 'https://x/', title: text(size) } }),
  'domain/design/edit-design.ts MAX_DESIGN_TEXT_BYTES': (size) => edited(...split(size, 1_990).map(linked)),
  'domain/query/parse-order.ts MAX_ORDER_COLUMNS': (size) => {
    const { columns: many } = columnsOf(size);
    parseOrder(
      many.map(({ id }) => ({ column: id, direction: 'ASC' })),
      many,
    );
  },
  'domain/query/parse-filter.ts MAX_FILTER_DEPTH': (size) => {
    let input: RecordFilterInput = {};
    for (let level = 1; level < size; level += 1) input = { not: input };
    filtered(input);
  },
  'domain/query/parse-filter.ts MAX_NODES': (size) => filtered({ or: Array(size - 1).fill({}) }),
  'domain/query/parse-filter.ts MAX_FILTER_VALUES': (size) => filtered(isIn(size)),
  'domain/query/parse-filter.ts MAX_FILTER_VALUES_IN_ALL': (size) => filtered({ or: split(size, 1_000).map(isIn) }),
  'domain/query/record-query.ts MAX_SOUGHT_LENGTH': (size) => filtered(contains(size)),
  'domain/query/record-query.ts MAX_SOUGHT_NULS': (size) =>
    filtered({ column: 't', op: 'CONTAINS', value: '\u0000'.repeat(size) }),
  'domain/query/parse-filter.ts MAX_AREAS': (size) => parseFilter({ or: Array(size).fill(circle(1)) }, points),
  'domain/query/geo-value.ts MAX_METERS': (size) => parseFilter(circle(size), points),
  'domain/query/parse-filter.ts MAX_SOUGHT_IN_ALL': (size) => filtered({ or: split(size, 1_000).map(contains) }),
};

function codeOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof SluiceError) return error.code;
    throw error;
  }
}

describe('docs/limits.md', () => {
  const page = limitsOfPage();
  const constants = constantsOfCode();
  const named = page.filter(({ place }) => place.includes(' '));
  const variables = page.filter(({ variable }) => variable.startsWith('SLUICE_MAX_'));

  it('gives each limit the value that it has in the code', () => {
    expect(named.length).toBeGreaterThan(50);
    expect(Object.fromEntries(named.map(({ place, value }) => [place, value]))).toEqual(
      Object.fromEntries(named.map(({ place }) => [place, constants.get(place)])),
    );
    expect(page.find(({ place }) => place === 'Node.js')?.value).toBe(maxHeaderSize);
  });

  it('has every limit of the code that a client or operator can reach', () => {
    const limits = [...constants.keys()].filter((place) => /^(MAX|MOST)_/.test(place.split(' ')[1] ?? ''));
    const known = new Set([...named.map(({ place }) => place), ...INTERNAL.keys()]);
    expect(limits.filter((place) => !known.has(place))).toEqual([]);
    expect([...INTERNAL.keys()].filter((place) => !limits.includes(place))).toEqual([]);
  });

  it('has no name for two limits of different sizes', () => {
    const sizes = new Map<string, number>();
    const ambiguous = [...constants].filter(([place, value]) => {
      const name = place.split(' ')[1] ?? '';
      if (!/^(MAX|MOST)_/.test(name)) return false;
      const isOther = (sizes.get(name) ?? value) !== value;
      sizes.set(name, value);
      return isOther;
    });
    expect(ambiguous).toEqual([]);
  });

  it('gives each variable its default, and misses no limit of the configuration', () => {
    const config = readConfig({});
    const defaults = Object.fromEntries(
      Object.entries(config).flatMap(([name, value]) =>
        name.startsWith('max')
          ? [[`SLUICE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`, value]]
          : [],
      ),
    );
    expect(Object.fromEntries(variables.map(({ variable, value }) => [variable, value]))).toEqual(defaults);
    const least = page.find(({ variable }) => variable === 'SLUICE_API_KEY')?.value ?? 0;
    expect(readConfig({ SLUICE_API_KEY: text(least) }).apiKey).toHaveLength(least);
    expect(() => readConfig({ SLUICE_API_KEY: text(least - 1) })).toThrow('SLUICE_API_KEY');
    const most = page.find(({ place }) => place.endsWith('MOST_PAYLOAD_BYTES'))?.value ?? 0;
    expect(readConfig({ SLUICE_MAX_PAYLOAD_BYTES: String(most) }).maxPayloadBytes).toBe(most);
    expect(() => readConfig({ SLUICE_MAX_PAYLOAD_BYTES: String(most + 1) })).toThrow('SLUICE_MAX_PAYLOAD_BYTES');
  });

  it('names errors that exist', () => {
    const codes = [...Object.keys(HTTP_STATUS_OF_CODE), ...JOB_ERROR_CODES, 'OTHERS'];
    const shown = page.flatMap(({ beyond }) => beyond.match(/(?<=`)[A-Z_]+(?=`)/g) ?? []);
    expect(shown.filter((code) => !codes.includes(code))).toEqual([]);
    expect(page.filter(({ beyond }) => beyond === '')).toEqual([]);
  });

  it.each(Object.entries(PROBES))('says what happens beyond %s', (place, probe) => {
    const limit = page.find((one) => one.place === place);
    const value = limit?.value ?? 0;
    expect([codeOf(() => probe(value)), `\`${codeOf(() => probe(value + 1))}\``]).toEqual([null, limit?.beyond]);
  });
});
