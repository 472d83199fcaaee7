import type { StoredValues } from '../../domain/design/stored-value.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import type { EncodedRecord } from '../../domain/load/encoded-record.js';
import type { PlainRecord } from '../../domain/load/plain-record.js';
import type { StoredRow } from '../../ports/record-store.js';
import type { RecordText } from '../record-text.js';

/** A chain of upserts into a stored record, from the last back to the first. */
export interface Upserts {
  readonly record: JsonObject;
  readonly before: Upserts | null;
}

/** A complete record: its rows, and the JSON text that is stored with them. */
export interface WholeContent {
  readonly kind: 'WHOLE';
  readonly rows: readonly StoredValues[];
  /** Undefined in a design without identifiers, where the push log has the record. */
  readonly text: RecordText | undefined;
  /** Set if an address of the record is nowhere to be found. */
  readonly isUnplaced?: true;
}

/** A complete record without identifiers, whose row is written from the bytes of its payload. */
export interface PlainContent {
  readonly kind: 'PLAIN';
  readonly record: PlainRecord;
}

/** A complete record without identifiers, whose rows are encoded for the record store. */
export interface EncodedContent {
  readonly kind: 'ENCODED';
  readonly record: EncodedRecord;
}

/** A complete record whose rows have been checked, but not kept, to save memory; they are made again when they are written. */
export interface UnmadeContent {
  readonly kind: 'UNMADE';
  readonly record: RecordText;
  /** Whether the JSON text is stored with the rows. */
  readonly hasText: boolean;
  /** About how many bytes the rows take in memory. */
  readonly size: number;
}

/** A stored record with upserts to merge into it. Its rows are not kept either. */
export interface MergedContent {
  readonly kind: 'MERGED';
  readonly upserts: Upserts;
  /** The most characters that the record's JSON text can have. */
  readonly maxLength: number;
  /** As in {@link UnmadeContent}. */
  readonly size: number;
}

/** The content of a record. STORED: unchanged, as the store has it, or no such record. */
export type RecordContent =
  | WholeContent
  | PlainContent
  | EncodedContent
  | UnmadeContent
  | MergedContent
  | { readonly kind: 'STORED' }
  | { readonly kind: 'DELETED' };

/** The state of a record between two jobs of the lane. */
export interface RecordState<Content = RecordContent> {
  readonly recordId: string;
  /** What the store had under its id before the group; undefined for nothing. */
  readonly stored: StoredRow | undefined;
  /** The version of the job that wrote it last; 0 if none did. */
  readonly version: number;
  /** Whether the record exists, with rows or hidden. An upsert merges into it. */
  readonly held: boolean;
  /** 0 if the record does not exist, or gives no row at present. */
  readonly rowCount: number;
  readonly content: Content;
}

/** The state of a record after a group of jobs has changed it. */
export interface RecordChange<Content = RecordContent> extends RecordState<Content> {
  /** When the job that wrote it last was accepted. */
  readonly savedAt: Date;
}
