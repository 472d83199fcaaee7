import { describe, expect, it } from '@jest/globals';
import { memoryRecordStore } from '../adapters/memory/memory-record-store.js';
import { CompiledDesign } from '../domain/design/compiled-design.js';
import { DEFAULT_RULES } from '../domain/design/design.js';
import { mergeFields, NO_COLUMNS } from '../domain/design/design-from-fields.js';
import type { LaneJob } from '../domain/job/job.js';
import { recordIdFromLog, rowId, versionOf } from '../domain/record-id.js';
import { readSample } from '../domain/sample/read-sample.js';
import type { RecordStore } from '../ports/record-store.js';
import { unrecordedAnswers } from './answers/page-answers.js';
import type { GroupRun } from './group-run.js';
import type { LiveRecord } from './live-records.js';
import { Reconversion } from './reconversion.js';

const GENERATION = 'rows_rebuild_1';
const SAVED = new Date(0);

function identifiedByK(): CompiledDesign {
  const { fields } = readSample({ k: 'a', v: 1 });
  const columns = mergeFields(NO_COLUMNS, fields).columns.map((column) => ({
    ...column,
    uniqueIdentifier: column.id === 'k',
  }));
  const pins = { datasetId: 'd', revision: 2, connectionId: 'c', sampleVersion: 1 };
  const design = { ...DEFAULT_RULES, ...pins, columns, transformations: [], lastKey: columns.length };
  return new CompiledDesign({ design, fields });
}

function live(position: number, recordIndex: number, v: number): LiveRecord {
  const recordId = recordIdFromLog(position, recordIndex);
  const place = { id: rowId(recordId, 0), recordId, ordinal: 0, rowCount: 1 };
  return { first: { ...place, version: versionOf(position), savedAt: SAVED, values: {} }, record: { k: 'a', v } };
}

describe('records that become the same under another identity', () => {
  it('keep only the one written last; each page of a push uses one version, so that millions of records fit between two jobs', async () => {
    const store = memoryRecordStore();
    await store.createGeneration(GENERATION, []);
    const run = {
      deps: { records: store },
      held: { lease: { rows: 0 }, stillOwned: () => undefined },
      storeStep: <T>(step: (records: RecordStore) => Promise<T>) => step(store),
    } as unknown as GroupRun;
    const job = { id: 'j', datasetId: 'd', position: 3 } as LaneJob;
    const answers = unrecordedAnswers(run, identifiedByK());
    const reconversion = new Reconversion(run, job, identifiedByK(), {
      target: { generation: GENERATION, content: 'ROWS' },
      answers,
      sameIdentity: false,
    });
    for (const start of [0, 2_000, 4_000]) {
      await reconversion.take(Array.from({ length: 2_000 }, (_, n) => live(1, start + n, start + n)));
    }
    const stored = async () =>
      (await store.readPage(GENERATION, { filter: { kind: 'AND', filters: [] }, order: [], limit: 2 })).rows;
    expect(await stored()).toMatchObject([{ values: { c1: 'a', c2: 5_999 }, version: versionOf(1) + 2 }]);
    await reconversion.take([live(2, 0, -1), live(1, 9, 9)]);
    expect(await stored()).toMatchObject([{ values: { c1: 'a', c2: -1 }, version: versionOf(2) }]);
    expect(reconversion.outcome().counts).toMatchObject({ read: 6_002, added: 1, updated: 6_001 });
  });
});
