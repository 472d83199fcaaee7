import { type CompiledDesign, compiledWithPlaces } from '../domain/design/compiled-design.js';
import { type DesignEdit, refuseFaults } from '../domain/design/edit-design.js';
import { validateDesign } from '../domain/design/validate-design.js';
import { SluiceError } from '../domain/errors.js';
import type { JsonObject, JsonValue } from '../domain/json/json-value.js';
import { parseKeptJsonInSlices } from '../domain/json/parse-json.js';
import { stringifyInSlices } from '../domain/json/stringify-in-slices.js';
import { needsOfPreview, type PreviewedRecord, startPreview } from '../domain/load/preview-records.js';
import { LookupResults } from '../domain/lookups/lookup-results.js';
import { checkRecords, MAX_VALUES_OF_RECORD } from '../domain/push/check-records.js';
import { parsedArray } from '../domain/push/sent-data.js';
import type { Caller } from '../domain/security/caller.js';
import { type Answers, NO_ANSWERS } from '../domain/transform/answers.js';
import { endTurnIfOver, inTurns } from '../event-loop/turns.js';
import { designOf } from './apply-changes.js';
import { existingDataset } from './checks.js';
import type { Deps } from './deps.js';
import { edited } from './design-drafts.js';
import { lookupFaults } from './design-lookups.js';

const MAX_PREVIEW_RECORDS = 100;
const MAX_PREVIEW_BYTES = 1_000_000;

type PreviewDeps = Pick<Deps, 'catalog' | 'lookups' | 'addresses' | 'geocoder' | 'clock' | 'stopping'>;

/** What to preview: the draft with these changes, on these records. */
export interface PreviewRequest {
  readonly design?: DesignEdit;
  /** By default the records of the sample. */
  readonly data?: JsonValue;
}

/**
 * Shows what loads under the draft would do with records, step by step; stores nothing. Throws NOT_FOUND, INVALID_DESIGN with every fault, BAD_REQUEST for
 * more than 100 records, 1,000,000 bytes of JSON, or 20,000,000 characters to show, and PAYLOAD_TOO_LARGE for a record that no push could have: one with more than
 * 100,000 values.
 */
export function previewDesign({ catalog, lookups, addresses, geocoder, clock, stopping }: PreviewDeps) {
  return async (
    datasetId: string,
    { design: edit, data }: PreviewRequest,
    caller: Caller,
  ): Promise<PreviewedRecord[]> => {
    const { draftRevision } = await existingDataset(catalog, datasetId);
    const draft = await designOf(catalog, datasetId, draftRevision);
    const design = edit ? await edited(catalog, draft, edit, caller) : draft;
    refuseFaults([...validateDesign(design), ...(await lookupFaults(catalog, design, caller))]);
    const sample = await catalog.findSample(design.connectionId, design.sampleVersion);
    if (!sample)
      throw new Error(`the sample of design ${design.revision} of dataset ${datasetId} is not in the catalog`);
    const records = data === undefined ? await inTurns(sampleRecords(sample.text)) : await inTurns(givenRecords(data));
    const compiled = await compiledWithPlaces({ design, fields: sample.fields }, addresses ? null : geocoder);
    const savedAt = clock.now();
    const answers = await answersFor({ lookups, addresses, stopping }, compiled, records, savedAt);
    const preview = startPreview(compiled, { savedAt, answers });
    const previewed: PreviewedRecord[] = [];
    for (const [index, record] of records.entries()) {
      previewed.push(await inTurns(preview(record, index)));
      await endTurnIfOver();
    }
    return previewed;
  };
}

/** Finds what the records need. A lookup may need what another one found, and an address too. */
async function answersFor(
  { lookups, addresses, stopping }: Pick<PreviewDeps, 'lookups' | 'addresses' | 'stopping'>,
  design: CompiledDesign,
  records: readonly JsonObject[],
  savedAt: Date,
): Promise<Answers> {
  if (!design.needsOutsideData) return NO_ANSWERS;
  const budget = addresses?.budget();
  const found = new LookupResults(design.lookups);
  for (;;) {
    const { answers } = found;
    const needs = await inTurns(needsOfPreview(design, records, { savedAt, answers }));
    if (needs.length === 0) return answers;
    await found.find(needs, {
      lookUp: ({ datasetId, wanted, recordIds }, room) => lookups.find(datasetId, wanted, recordIds, room),
      locate: addresses && budget ? (asked) => addresses.find(asked, budget, stopping) : null,
    });
  }
}

function* sampleRecords(text: string): Generator<void, readonly JsonObject[]> {
  const sample = yield* parseKeptJsonInSlices(text);
  return yield* checkedRecords(Array.isArray(sample) ? sample.slice(0, MAX_PREVIEW_RECORDS) : [sample], 'sample');
}

function* givenRecords(data: JsonValue): Generator<void, readonly JsonObject[]> {
  const records = yield* checkedRecords(data, 'data');
  if (records.length > MAX_PREVIEW_RECORDS)
    throw tooMuch(`at most ${MAX_PREVIEW_RECORDS} records`, `${records.length} records`);
  const bytes = Buffer.byteLength(yield* stringifyInSlices(records));
  if (bytes > MAX_PREVIEW_BYTES) throw tooMuch(`at most ${MAX_PREVIEW_BYTES} bytes of JSON`, `${bytes} bytes`);
  return records;
}

function* checkedRecords(value: JsonValue, where: string): Generator<void, JsonObject[]> {
  checkRecords(yield* parsedArray(value, MAX_VALUES_OF_RECORD), where);
  return value as JsonObject[];
}

function tooMuch(expected: string, actual: string): SluiceError {
  const message = `data has ${actual}; a preview takes ${expected}`;
  return new SluiceError('BAD_REQUEST', message, { field: 'data', expected, actual });
}
