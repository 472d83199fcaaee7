import { boundedBatches } from '../../domain/bounded-batches.js';
import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { RecordMismatches } from '../../domain/job/record-mismatches.js';
import { positionOf } from '../../domain/record-id.js';
import { eachInSlices } from '../../event-loop/turns.js';
import type { AnswerBook } from '../answers/answer-book.js';
import type { GroupRun } from '../group-run.js';
import { recordOf } from '../record-text.js';
import type { JoinContext } from './join-context.js';
import { contentOf } from './merged-content.js';
import type { MergedContent, RecordChange, UnmadeContent, WholeContent } from './record-state.js';
import { mergedOnto, readSources, SLICE_BYTES, type Sources, sourceOf } from './stored-sources.js';

/** A change whose rows were not kept in memory. */
export type UnmadeChange = RecordChange<MergedContent | UnmadeContent>;

export function isUnmade(change: RecordChange): change is UnmadeChange {
  return change.content.kind === 'MERGED' || change.content.kind === 'UNMADE';
}

/** Makes the rows of these records again, in slices that fit into memory. They fitted at the commit point, so they must fit now. */
export async function* madeAgain(
  run: GroupRun,
  generation: string,
  design: CompiledDesign,
  changes: readonly UnmadeChange[],
  { stored, answers }: Pick<JoinContext, 'stored' | 'answers'>,
): AsyncGenerator<readonly RecordChange[]> {
  const bytesOf = ({ recordId, content }: UnmadeChange) =>
    content.size + (content.kind === 'MERGED' ? (stored.get(recordId)?.bytes ?? 0) : 0);
  for (const slice of boundedBatches(changes, bytesOf, { maxBytes: SLICE_BYTES })) {
    const toRead = slice.flatMap(({ recordId, content, stored: before }) => {
      return content.kind === 'MERGED' && before?.source === undefined ? [recordId] : [];
    });
    const sources = await readSources(run, generation, toRead);
    const wholes: RecordChange[] = [];
    await eachInSlices(slice, function* (change) {
      wholes.push({ ...change, content: yield* wholeOf(design, change, sources, answers) });
    });
    yield wholes;
  }
}

function* wholeOf(
  design: CompiledDesign,
  change: UnmadeChange,
  sources: Sources,
  book: AnswerBook,
): Generator<void, WholeContent> {
  const { recordId, stored, content, savedAt, version } = change;
  const answers = book.of(positionOf(version));
  const isMerged = content.kind === 'MERGED';
  const record = isMerged
    ? mergedOnto(recordId, sourceOf(stored, recordId, sources), content.upserts)
    : recordOf(content.record);
  const text = isMerged ? { record, maxLength: content.maxLength } : content.record;
  const made = yield* contentOf(design, record, { savedAt, text, answers });
  if (made instanceof RecordMismatches || answers.isWaiting)
    throw new Error(`record ${recordId} fitted at the commit point, but does not fit now`);
  return isMerged || content.hasText ? made : { ...made, text: undefined };
}
