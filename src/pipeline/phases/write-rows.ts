import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { StoredValues } from '../../domain/design/stored-value.js';
import type { EncodedRecord } from '../../domain/load/encoded-record.js';
import type { PlainRecord } from '../../domain/load/plain-record.js';
import { recordIdOf, rowId } from '../../domain/record-id.js';
import { eachInTurns } from '../../event-loop/turns.js';
import type { RejectedRow } from '../../ports/record-store.js';
import type { EncodedWrite, PlainWrite, RowWrite } from '../../ports/row-writes.js';
import type { GroupRun } from '../group-run.js';
import { textOf } from '../record-text.js';
import { firstOf, hasOthers, othersOf, tombstoneOf } from '../rows-of-record.js';
import { withdraw } from '../withdraw.js';
import { repeatable, writeRecords } from '../write-records.js';
import type { JoinContext } from './join-context.js';
import type { RecordChange } from './record-state.js';
import { isUnmade, madeAgain, type UnmadeChange } from './unmade-rows.js';

export interface WrittenRows {
  /** Whether tombstones were written. */
  readonly deletedRows: boolean;
  /** Rows that the record store permanently rejected. */
  readonly rejected: readonly RejectedRow[];
}

/**
 * FILLING_ES: writes the rows of all changed records; a refresh makes them visible. Rows that were not kept are made again in slices. If the store rejects a row of
 * a record, the record's other rows become again what they were.
 */
export async function writeRows(
  run: GroupRun,
  generation: string,
  design: CompiledDesign,
  changes: Iterable<RecordChange>,
  { stored, answers }: Pick<JoinContext, 'stored' | 'answers'>,
): Promise<WrittenRows> {
  const unmade: UnmadeChange[] = [];
  let isAny = false;
  let deletedRows = false;
  let isAnyWide = false;
  await eachInTurns(changes, (change) => {
    isAny = true;
    deletedRows ||= givesTombstones(change);
    if (isUnmade(change)) unmade.push(change);
    else isAnyWide ||= isWide(change);
  });
  if (!isAny) return { deletedRows: false, rejected: [] };
  const write = (some: Iterable<RecordChange>, hasWide: boolean) =>
    writeRecords(run, generation, {
      others: hasWide ? repeatable(() => othersOfChanges(some)) : null,
      firsts: repeatable(() => firstsOfChanges(some)),
    });
  const rejected = [...(await write(changes, isAnyWide))];
  for await (const wholes of madeAgain(run, generation, design, unmade, { stored, answers })) {
    const hasWide = wholes.some(isWide);
    rejected.push(...(await write(wholes, hasWide)));
  }
  if (rejected.length > 0)
    deletedRows = (await withdraw(run, generation, design, { changes, stored, rejected })) || deletedRows;
  return { deletedRows, rejected };
}

/** Ordinal 0 of each record. Created one by one while they are sent. */
function* firstsOfChanges(changes: Iterable<RecordChange>): Generator<RowWrite> {
  for (const change of changes) {
    const { content } = change;
    if (content.kind === 'PLAIN') {
      yield new PlainRowWrite(content.record, change);
      continue;
    }
    if (content.kind === 'ENCODED') {
      yield new EncodedRowWrite(change.version, content.record, 0);
      continue;
    }
    const { recordId, stored, version, savedAt } = change;
    if (content.kind === 'DELETED') yield tombstoneOf(recordId, 0, version);
    if (content.kind !== 'WHOLE') continue;
    const { rows, text } = content;
    const source = text && textOf(text);
    yield firstOf({ recordId, version, savedAt, rows, source, isStored: stored !== undefined });
  }
}

/** The row of a plain record. Thousands wait for the replies to their requests, so it keeps neither its change nor its record's id. Stores iterate writes more than once, so the id is made when it is used. */
class PlainRowWrite implements PlainWrite {
  readonly version: number;
  readonly savedAt: Date;
  #id: string | undefined;

  constructor(
    readonly plain: PlainRecord,
    { version, savedAt }: RecordChange,
  ) {
    this.version = version;
    this.savedAt = savedAt;
  }

  get recordId(): string {
    return recordIdOf(this.id);
  }

  get id(): string {
    this.#id ??= rowId(this.plain.recordId, 0);
    return this.#id;
  }
}

/** A row of an encoded record. Its id is only needed if it cannot simply be inserted. */
class EncodedRowWrite implements EncodedWrite {
  readonly encoded: Buffer;
  readonly start: number;
  readonly end: number;

  constructor(
    readonly version: number,
    private readonly record: EncodedRecord,
    private readonly ordinal: number,
  ) {
    this.encoded = record.encoded.bytes;
    this.start = record.startOf(ordinal);
    this.end = record.endOf(ordinal);
  }

  get id(): string {
    return rowId(this.record.recordId, this.ordinal);
  }
}

/** All other rows, and tombstones for rows that records no longer have. Created one by one while they are sent. */
function* othersOfChanges(changes: Iterable<RecordChange>): Generator<RowWrite> {
  for (const { recordId, stored, version, savedAt, content } of changes) {
    if (content.kind === 'ENCODED') yield* othersOfEncoded(content.record, version);
    if (content.kind !== 'WHOLE' && content.kind !== 'DELETED') continue;
    const rows = content.kind === 'WHOLE' ? content.rows : NO_ROWS;
    yield* othersOf({ recordId, version, savedAt, rows }, stored?.rowCount ?? 0);
  }
}

const NO_ROWS: readonly StoredValues[] = [];

/** An encoded record is new, so it has no stored rows. */
function* othersOfEncoded(record: EncodedRecord, version: number): Generator<EncodedWrite> {
  for (let ordinal = 1; ordinal < record.rowCount; ordinal += 1) yield new EncodedRowWrite(version, record, ordinal);
}

function isWide({ rowCount, stored }: RecordChange): boolean {
  return hasOthers(rowCount, stored?.rowCount ?? 0);
}

/** Whether a change writes tombstones. Under ordinal 0, a record that is held has a row or is hidden. */
function givesTombstones({ held, rowCount, stored }: RecordChange): boolean {
  return !held || Math.max(1, rowCount) < (stored?.rowCount ?? 0);
}
