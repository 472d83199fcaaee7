import { LABELS } from './model-operations.js';

/** A record of the model: `k` may identify it, `v` is a number, `w` a text that may be read as a number, `items` an array of objects or null. */
export type Given = Readonly<Record<string, unknown>>;

/** How a design of the model differs from others: whether `k` identifies records, `w` is a number, and steps shape records to rows. */
export interface ModelDesign {
  readonly identified: boolean;
  readonly numeric: boolean;
  readonly shaped: boolean;
}

/** A job of the model. */
export type ModelWork =
  | { readonly kind: 'PUSH'; readonly method: 'REPLACE' | 'UPSERT'; readonly records: readonly Given[] }
  | { readonly kind: 'DELETE'; readonly keys: readonly unknown[] }
  | { readonly kind: 'DELETE_WHERE'; readonly below: number }
  | { readonly kind: 'DELETE_ALL' }
  | ({ readonly kind: 'RELOAD' } & ModelDesign)
  | { readonly kind: 'REPLAY'; readonly ids: readonly string[] };

export type ModelJob = { readonly position: number; terminated: boolean } & ModelWork;

export interface Counts {
  added: number;
  updated: number;
  unchanged: number;
  deleted: number;
  failed: number;
}

interface Live {
  readonly position: number;
  readonly record: Given;
}

const fits = (record: Given, { numeric, partial }: { numeric: boolean; partial: boolean }) =>
  (partial || ['k', 'v', 'w', 'items'].every((key) => key in record)) &&
  (record.v === undefined || record.v === null || typeof record.v === 'number') &&
  (!numeric || record.w === undefined || record.w === null || /^\d+$/.test(String(record.w)));

/**
 * The rows of a record, by the rules of {@link shapingWith}: a record with `v` from 8 on is removed, and each of its items gives a row, without items none; `double` is
 * computed, and `label` is looked up.
 */
function rowsOf({ k = null, v = null, w = null, items }: Given, { numeric, shaped }: ModelDesign): Given[] {
  const values = { k, v, w: numeric && w !== null ? Number(w) : w };
  if (!shaped) return [values];
  if (Number(v) >= 8) return [];
  const double = v === null ? null : Number(v) * 2;
  const label = LABELS[String(k)] ?? null;
  return ((items ?? []) as { readonly n: number }[]).map(({ n }) => ({ ...values, 'items.n': n, label, double }));
}

/** The result of the accepted order, in the simplest way: one job after the other, each completely. */
export class ReferenceLane {
  #design: ModelDesign = { identified: false, numeric: false, shaped: false };
  readonly quarantine = new Map<string, { position: number; method: string; record: Given; superseded: boolean }>();
  #live = new Map<string, Live>();
  #writers = new Map<string, number>();

  constructor(private readonly quarantines: boolean) {}

  /** The rows as users read them: every column, and `w` in its type. */
  rows(): Given[] {
    return [...this.#live.values()].flatMap(({ record }) => this.#rowsOf(record));
  }

  /** How many records give rows. Others are held too: upserts and reloads may bring them back. */
  recordCount(): number {
    return [...this.#live.values()].filter(({ record }) => this.#rowsOf(record).length > 0).length;
  }

  #rowsOf(record: Given): Given[] {
    return rowsOf(record, this.#design);
  }

  /** The counts of a job; null if it is refused. */
  apply(job: ModelJob, id: string): Counts | null {
    const counts = { added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0 };
    switch (job.kind) {
      case 'PUSH':
        return this.#push(job, id, counts);
      case 'REPLAY':
        return this.#replay(job, counts);
      case 'DELETE':
        return this.#delete(job, counts);
      case 'DELETE_WHERE':
        for (const [key, { record }] of this.#live) {
          if (!this.#rowsOf(record).some(({ v }) => typeof v === 'number' && v < job.below)) continue;
          this.#live.delete(key);
          this.#writers.set(key, job.position);
          counts.deleted += 1;
        }
        return counts;
      case 'DELETE_ALL':
        counts.deleted = this.recordCount();
        this.#swap(new Map());
        return counts;
      case 'RELOAD':
        return this.#reload(job, counts);
    }
  }

  #delete({ position, keys }: Extract<ModelJob, { kind: 'DELETE' }>, counts: Counts): Counts | null {
    if (!this.#design.identified) return null;
    for (const key of keys) {
      const before = this.#live.get(`k${key}`);
      counts[before && this.#rowsOf(before.record).length > 0 ? 'deleted' : 'unchanged'] += 1;
      if (this.#live.delete(`k${key}`)) this.#writers.set(`k${key}`, position);
    }
    return counts;
  }

  #push({ position, method, records }: Extract<ModelJob, { kind: 'PUSH' }>, id: string, counts: Counts): Counts | null {
    const partial = method === 'UPSERT';
    if (partial && !this.#design.identified) return null;
    const isBad = (record: Given) =>
      !fits(record, { numeric: this.#design.numeric, partial }) ||
      (this.#design.identified && (record.k ?? null) === null);
    const bad = records.filter(isBad);
    if (this.quarantines) {
      for (const [index, record] of records.entries()) {
        if (isBad(record)) this.quarantine.set(`${id}:${index}`, { position, method, record, superseded: false });
      }
    }
    if (bad.length === records.length || (bad.length > 0 && !this.quarantines)) return null;
    for (const [index, record] of records.entries()) {
      if (isBad(record)) counts.failed += 1;
      else this.#put(record, partial, position, index, counts);
    }
    return counts;
  }

  #replay({ position, ids }: Extract<ModelJob, { kind: 'REPLAY' }>, counts: Counts): Counts | null {
    const there = ids.filter((id) => this.quarantine.has(id));
    counts.unchanged = ids.length - there.length;
    for (const [index, id] of ids.entries()) {
      const kept = this.quarantine.get(id);
      if (!kept) continue;
      const partial = kept.method === 'UPSERT' && this.#design.identified;
      const { record } = kept;
      const key = `k${record.k}`;
      if (
        !fits(record, { numeric: this.#design.numeric, partial }) ||
        (this.#design.identified && (record.k ?? null) === null)
      ) {
        counts.failed += 1;
      } else if (
        this.#design.identified &&
        (this.#writers.get(key) ?? 0) > kept.position &&
        this.#writers.get(key) !== position
      ) {
        kept.superseded = true;
        counts.unchanged += 1;
      } else {
        this.#put(record, partial, position, index, counts);
        this.quarantine.delete(id);
      }
    }
    return there.length > 0 && counts.failed === there.length ? null : counts;
  }

  #put(record: Given, partial: boolean, position: number, index: number, counts: Counts): void {
    const key = this.#design.identified ? `k${record.k}` : `p${String(position).padStart(4, '0')} ${index}`;
    const before = this.#live.get(key);
    const whole = partial && before ? { ...before.record, ...record } : record;
    const hadRows = before !== undefined && this.#rowsOf(before.record).length > 0;
    if (this.#rowsOf(whole).length > 0) counts[hadRows ? 'updated' : 'added'] += 1;
    else counts[hadRows ? 'deleted' : 'unchanged'] += 1;
    this.#live.set(key, { position, record: whole });
    this.#writers.set(key, position);
  }

  #reload({ position, ...design }: Extract<ModelJob, { kind: 'RELOAD' }>, counts: Counts): Counts | null {
    const { identified, numeric, shaped } = design;
    const before = this.#design;
    const isSame = identified === before.identified && numeric === before.numeric && shaped === before.shaped;
    if (isSame) return counts;
    const all = this.#inOrder();
    const unfit = all.some(
      ([, { record }]) => !fits(record, { numeric, partial: true }) || (identified && (record.k ?? null) === null),
    );
    if (unfit) return null;
    const live = new Map<string, Live>();
    for (const [index, [key, one]] of all.entries()) {
      const place = `p${String(position).padStart(4, '0')} ${index}`;
      const to = identified === before.identified ? key : identified ? `k${one.record.k}` : place;
      const other = live.get(to);
      if (other) counts.updated += 1;
      if (!other || other.position <= one.position) live.set(to, one);
    }
    const deletions = identified && before.identified ? this.#writers : new Map<string, number>();
    this.#swap(live, deletions);
    this.#design = { identified, numeric, shaped };
    counts.added = this.recordCount();
    counts.unchanged = all.length - counts.added - counts.updated;
    return counts;
  }

  /** The records in the order in which a reload reads them: by id, with rows or hidden. */
  #inOrder(): (readonly [string, Live])[] {
    return [...this.#live].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** `known`: which job wrote or deleted a record last; forgotten when all data is deleted, or when records get another identity. */
  #swap(live: Map<string, Live>, known: ReadonlyMap<string, number> = new Map()): void {
    this.#live = live;
    this.#writers = new Map([...known, ...[...live].map(([key, { position }]) => [key, position] as const)]);
  }
}
