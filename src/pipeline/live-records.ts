import type { JsonObject } from '../domain/json/json-value.js';
import { parseKeptJson } from '../domain/json/parse-json.js';
import { EVERYTHING } from '../domain/query/record-query.js';
import type { HiddenRecord, Row } from '../ports/row-writes.js';
import type { GroupRun } from './group-run.js';
import { LogReader } from './log-reader.js';

/** A record that the dataset holds, with rows or hidden: what is stored under its ordinal 0, and the complete record after all merges. */
export interface LiveRecord {
  readonly first: Row | HiddenRecord;
  readonly record: JsonObject;
}

const SCAN = { maxRows: 2_000, maxBytes: 8 * 1024 * 1024 };

/**
 * Reads all records of a generation in bounded pages, in the order of their ids, which without identifiers is the order in which they were accepted. A record comes from
 * its source if there is one, else from the push log.
 */
export async function* liveRecords(run: GroupRun, generation: string): AsyncGenerator<readonly LiveRecord[]> {
  const log = new LogReader(run);
  const rows = new Pages<Row>((after) => run.storeStep((store) => store.scan(generation, EVERYTHING, after, SCAN)));
  const hidden = new Pages<HiddenRecord>((after) =>
    run.storeStep((store) => store.scanHidden(generation, after, SCAN)),
  );
  for (;;) {
    const through = earlier(await rows.end(), await hidden.end());
    if (through === null) return;
    const firsts = [...rows.take(through).filter(({ ordinal }) => ordinal === 0), ...hidden.take(through)];
    firsts.sort((a, b) => (a.id < b.id ? -1 : 1));
    await log.read(firsts.flatMap(({ source, recordId }) => (source === undefined ? [recordId] : [])));
    yield firsts.map((first) => ({
      first,
      record: first.source === undefined ? log.recordOf(first.recordId) : (parseKeptJson(first.source) as JsonObject),
    }));
  }
}

/** What a scan returns, page by page, so that two scans can be merged in the order of ids. */
class Pages<T extends { readonly id: string }> {
  #page: readonly T[] = [];
  #after = '';
  #isOver = false;

  constructor(private readonly scan: (after: string) => Promise<readonly T[]>) {}

  /** The last id of the current page; null after the last page. */
  async end(): Promise<string | null> {
    if (this.#page.length === 0 && !this.#isOver) {
      this.#page = await this.scan(this.#after);
      this.#isOver = this.#page.length === 0;
      this.#after = this.#page.at(-1)?.id ?? this.#after;
    }
    return this.#isOver ? null : this.#after;
  }

  /** Takes what the current page has up to and including this id. */
  take(through: string): readonly T[] {
    const left = this.#page.findIndex(({ id }) => id > through);
    const taken = left === -1 ? this.#page : this.#page.slice(0, left);
    this.#page = left === -1 ? [] : this.#page.slice(left);
    return taken;
  }
}

/** The id that comes first; null if both scans are over. */
function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
