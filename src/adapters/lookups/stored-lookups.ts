import { boundedBatches } from '../../domain/bounded-batches.js';
import type { Dataset } from '../../domain/dataset.js';
import type { Column } from '../../domain/design/column.js';
import type { StoredValues } from '../../domain/design/stored-value.js';
import { briefJson } from '../../domain/json/stringify-json.js';
import { MAX_ANSWER_BYTES, MAX_FOUND_BYTES, sizeOfAnswer } from '../../domain/lookups/answer-size.js';
import { allFaulty, changedColumns, type WantedColumns } from '../../domain/lookups/wanted-columns.js';
import { recordIdOf, rowId } from '../../domain/record-id.js';
import type { LookupAnswer } from '../../domain/transform/answers.js';
import type { Catalog } from '../../ports/catalog.js';
import type { LookupSource } from '../../ports/lookup-source.js';
import { type LookedUpRows, RecordStoreError } from '../../ports/record-store.js';

interface LookupDeps {
  readonly catalog: Pick<Catalog, 'findDataset' | 'findDesign' | 'recordLostRows'>;
  readonly records: LookedUpRows;
}

/** Rows are read in slices of at most this many bytes; a single row may be larger. */
const SLICE_BYTES = 8 * 1024 * 1024;
/** How many generations are tried while each is replaced by another one. */
const GENERATIONS_TRIED = 5;

type Answered = ReadonlyMap<string, LookupAnswer>;
type AppliedDataset = Dataset & { readonly appliedRevision: number; readonly generation: string };

/** What is asked of one dataset. */
interface Question {
  readonly datasetId: string;
  readonly wanted: WantedColumns;
  readonly recordIds: readonly string[];
  readonly maxBytes: number;
}

/** Looks records up in the record store, in the generation that the catalog names. */
export function storedLookups(deps: LookupDeps): LookupSource {
  const { catalog, records } = deps;
  return {
    async find(datasetId, wanted, recordIds, maxBytes) {
      const question = { datasetId, wanted, recordIds, maxBytes };
      let missing: string | null = null;
      for (let tries = 0; tries < GENERATIONS_TRIED; tries += 1) {
        const dataset = await catalog.findDataset(datasetId);
        if (!isApplied(dataset)) return refused(question, `dataset ${briefJson(datasetId)} was deleted`);
        if (dataset.generation === missing) return lost(catalog, question, missing);
        const faults = changedColumns(datasetId, wanted, await columnsOf(catalog, dataset));
        const answered = await read(records, question, dataset.generation, faults);
        if (answered) return answered;
        // A reload may have replaced the generation since the catalog was read.
        missing = dataset.generation;
      }
      return lost(catalog, question, missing ?? '');
    },
  };
}

async function columnsOf(
  catalog: LookupDeps['catalog'],
  { id, appliedRevision }: AppliedDataset,
): Promise<readonly Column[]> {
  const design = await catalog.findDesign(id, appliedRevision);
  if (!design) throw new Error(`design ${appliedRevision} of dataset ${id} is not in the catalog`);
  return design.columns;
}

function isApplied(dataset: Dataset | null): dataset is AppliedDataset {
  return dataset !== null && dataset.appliedRevision !== null && dataset.generation !== null;
}

function refused({ recordIds, wanted }: Question, fault: string): Answered {
  const faults = allFaulty(wanted, fault);
  return new Map(recordIds.map((id) => [id, { values: null, faults }]));
}

async function lost(catalog: LookupDeps['catalog'], question: Question, generation: string): Promise<Answered> {
  const { datasetId } = question;
  await catalog.recordLostRows(datasetId, generation);
  const fault = `the rows of dataset ${briefJson(datasetId)} are missing from the record store; rebuildDataset makes them again from the push log`;
  return refused(question, fault);
}

/** Reads from a generation; null if it is missing. */
async function read(
  records: LookupDeps['records'],
  question: Question,
  generation: string,
  faults: Readonly<Record<string, string>>,
): Promise<Answered | null> {
  try {
    return await readFrom(records, question, generation, faults);
  } catch (error) {
    if (error instanceof RecordStoreError && error.code === 'GENERATION_MISSING') return null;
    throw error;
  }
}

/** Reads the first row of each record: a record that is flattened has more. `faults`: of columns that cannot be looked up. */
async function readFrom(
  records: LookupDeps['records'],
  { wanted, recordIds, maxBytes }: Question,
  generation: string,
  faults: Readonly<Record<string, string>>,
): Promise<Answered> {
  const common = Object.keys(faults).length > 0 ? { faults } : {};
  const answers = new Map(recordIds.map((id): [string, LookupAnswer] => [id, { values: null, ...common }]));
  const storedKeys = [...wanted.columns.keys()].filter((key) => faults[key] === undefined);
  if (storedKeys.length === 0) return answers;
  const firstIds = recordIds.map((id) => rowId(id, 0));
  const present = (await records.readRows(generation, firstIds)).filter(({ rowCount }) => rowCount > 0);
  let room = maxBytes;
  for (const slice of boundedBatches(present, ({ bytes }) => bytes, { maxBytes: SLICE_BYTES })) {
    const ids = slice.map(({ id }) => id);
    const found = room > 0 ? await records.readValuesOf(generation, ids, storedKeys) : NO_VALUES;
    for (const id of ids) {
      const answer = { values: found.get(id) ?? null, ...common };
      const bytes = sizeOfAnswer(answer);
      const fault = faultOfSize(bytes, room);
      if (fault === null) room -= bytes;
      answers.set(recordIdOf(id), fault === null ? answer : { values: null, faults: allFaulty(wanted, fault) });
    }
  }
  return answers;
}

const NO_VALUES: ReadonlyMap<string, StoredValues> = new Map();

function faultOfSize(bytes: number, room: number): string | null {
  if (bytes > MAX_ANSWER_BYTES)
    return `the values that are looked up in one record have about ${bytes} bytes; at most ${MAX_ANSWER_BYTES} can be looked up in one`;
  if (bytes > room)
    return `the lookups of the records that are loaded together find more than ${MAX_FOUND_BYTES} bytes; push fewer records at a time, or take shorter columns`;
  return null;
}
