import type { StoredValues } from '../../domain/design/stored-value.js';
import type { JsonObject } from '../../domain/json/json-value.js';

/** Upserts onto what is stored, from the last back to the first. */
export interface Upserts {
  readonly record: JsonObject;
  readonly before: Upserts | null;
}

/** All of a record: its rows, and the JSON text that is kept of it beside them. */
export interface WholeContent {
  readonly kind: 'WHOLE';
  readonly rows: readonly StoredValues[];
  readonly source: string | undefined;
  /** What the text stands for, where it is at hand. */
  readonly record: JsonObject | null;
}

/** What is stored with upserts merged onto it. Its rows have been looked at and are made again when they are written: memory holds those of so many records only. */
export interface MergedContent {
  readonly kind: 'MERGED';
  readonly upserts: Upserts;
}

/** What a record holds. STORED: what is stored under its id, or nothing. */
export type RecordContent = WholeContent | MergedContent | { readonly kind: 'STORED' } | { readonly kind: 'DELETED' };

/** A record at one place of the lane. */
export interface RecordState<Content = RecordContent> {
  readonly recordId: string;
  /** Of the job that wrote it last; 0 where nobody did. */
  readonly version: number;
  /** 0 where it is not there. */
  readonly rowCount: number;
  readonly content: Content;
}

/** A record as a group of jobs leaves it. */
export interface RecordChange<Content = RecordContent> extends RecordState<Content> {
  /** When the job that wrote it last was accepted. */
  readonly savedAt: Date;
}
