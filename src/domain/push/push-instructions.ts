import type { Column } from '../design/column.js';
import { type ColumnsById, columnKeys, columnsById, valueAt } from '../design/column-pointer.js';
import type { DesignWarning } from '../design/design-warning.js';
import { warningNotes } from '../design/design-warnings.js';
import { identifiersOf } from '../design/identity.js';
import { isJsonObject, type JsonObject, type JsonValue, setMember } from '../json/json-value.js';
import { parseJson } from '../json/parse-json.js';
import { stringifyJson } from '../json/stringify-json.js';

/** Commands that run as printed if `$API_KEY` holds an API key and `$JOB_ID` the id of a job. */
export interface PushInstructions {
  readonly postDataUrl: string;
  /** Null until changes are applied. */
  readonly postData: string | null;
  /** Null until changes are applied, and if no record of the sample has a value for every unique identifier. */
  readonly deleteData: string | null;
  /** Null while the dataset is empty. */
  readonly deleteAllData: string | null;
  readonly status: string;
  /** Why a command is missing, the warnings of the design, and advice. */
  readonly notes: readonly string[];
}

const MAX_WARNING_NOTES = 20;

/** The sample that loads use, as JSON text, and the columns and warnings of the applied design. */
export interface AppliedSample {
  readonly sample: string;
  readonly columns: readonly Column[];
  readonly warnings: readonly DesignWarning[];
}

/** Makes the commands for a dataset; `applied` is null until changes are applied. */
export function pushInstructions(
  publicUrl: string,
  datasetId: string,
  applied: AppliedSample | null,
  recordCount: number,
): PushInstructions {
  const postDataUrl = `${publicUrl}/dataload`;
  const identifiers = applied ? identifiersOf(applied.columns) : [];
  const records = applied ? recordsOf(applied.sample) : [];
  const byId = columnsById(applied?.columns ?? []);
  const deletable = records.map((record) => identifiersIn(record, identifiers, byId));
  const named = deletable.filter((record) => record !== null);
  const post = (operation: string, body: JsonObject) => postCommand(`${postDataUrl}/${operation}`, body);
  return {
    postDataUrl,
    postData: applied && post('postdata', { datasetId, documentUpdateMethod: 'replace', data: records }),
    deleteData: named.length > 0 ? post('deletedata', { datasetId, data: named }) : null,
    deleteAllData: recordCount > 0 ? post('deletealldata', { datasetId }) : null,
    status: `curl --location --globoff "${postDataUrl}/$JOB_ID/status" \\\n--header "x-api-key: $API_KEY"`,
    notes: [
      ...notesOn(applied !== null, identifiers.length > 0, named.length > 0, recordCount > 0),
      ...(applied ? warningNotes(applied.warnings, MAX_WARNING_NOTES) : []),
    ],
  };
}

function notesOn(isApplied: boolean, hasIdentifier: boolean, isNamed: boolean, hasRecords: boolean): string[] {
  const notes: string[] = [];
  if (!isApplied) notes.push('There is no Post Data and no Delete Data command yet: apply changes first.');
  else if (!hasIdentifier) {
    notes.push('There is no Delete Data command: mark at least one column as unique identifier and apply changes.');
  } else if (!isNamed) {
    notes.push('There is no Delete Data command: no record of the sample has a value for every unique identifier.');
  }
  if (!hasRecords) notes.push('There is no Delete All Data command: the dataset holds no records yet.');
  notes.push(
    'The best payload size is 1 MB. Requests may run side by side, up to 100 at a time; there is no need to wait for one before the next.',
  );
  return notes;
}

function recordsOf(sample: string): JsonObject[] {
  const parsed = parseJson(sample);
  return (Array.isArray(parsed) ? parsed : [parsed]).filter(isJsonObject);
}

/** Returns only the unique identifiers of a record, nested as in the record; null if it has no value for one of them, or if there are none. */
function identifiersIn(record: JsonObject, identifiers: readonly Column[], columns: ColumnsById): JsonObject | null {
  if (identifiers.length === 0) return null;
  const result: JsonObject = {};
  for (const column of identifiers) {
    const keys = columnKeys(columns, column);
    const value = valueAt(record, keys);
    if (value === undefined || value === null) return null;
    place(result, keys, value);
  }
  return result;
}

function place(target: JsonObject, [key = '', ...below]: readonly string[], value: JsonValue): void {
  const before = Object.hasOwn(target, key) ? target[key] : undefined;
  const child = isJsonObject(before) ? before : {};
  if (below.length > 0) place(child, below, value);
  const member = below.length > 0 ? child : value;
  setMember(target, key, member);
}

function postCommand(url: string, content: JsonObject): string {
  const body = stringifyJson(content);
  const end = delimiterFor(body);
  return [
    `curl --location --globoff '${url}' \\`,
    `--header "x-api-key: $API_KEY" \\`,
    `--header 'Content-Type: application/json' \\`,
    `--data-binary @- <<'${end}'`,
    body,
    end,
  ].join('\n');
}

/** A delimiter for a here-document that no line of the body equals: the shell passes everything before it on unchanged. */
function delimiterFor(body: string): string {
  const taken = body.match(/SLUICE_BODY_*/g) ?? [];
  const longest = taken.reduce((length, found) => Math.max(length, found.length), 0);
  return 'SLUICE_BODY'.padEnd(longest + 1, '_');
}
