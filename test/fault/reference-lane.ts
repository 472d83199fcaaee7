/** A record of the model: `k` may identify it, `v` is a number, `w` a text that may be read as a number. */
export type Given = Readonly<Record<string, unknown>>;

/** A job of the model. */
export type ModelWork =
  | { readonly kind: 'PUSH'; readonly method: 'REPLACE' | 'UPSERT'; readonly records: readonly Given[] }
  | { readonly kind: 'DELETE'; readonly keys: readonly unknown[] }
  | { readonly kind: 'DELETE_WHERE'; readonly below: number }
  | { readonly kind: 'DELETE_ALL' }
  | { readonly kind: 'RELOAD'; readonly identified: boolean; readonly numeric: boolean }
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
  (partial || ['k', 'v', 'w'].every((key) => key in record)) &&
  (record.v === undefined || record.v === null || typeof record.v === 'number') &&
  (!numeric || record.w === undefined || record.w === null || /^\d+$/.test(String(record.w)));

/** The result of the accepted order, in the simplest way: one job after the other, each completely. */
export class ReferenceLane {
  identified = false;
  numeric = false;
  readonly quarantine = new Map<string, { position: number; method: string; record: Given; superseded: boolean }>();
  #live = new Map<string, Live>();
  #writers = new Map<string, number>();

  constructor(private readonly quarantines: boolean) {}

  /** The rows as users read them: every column, and `w` in its type. */
  records(): Given[] {
    return [...this.#live.values()].map(({ record: { k = null, v = null, w = null } }) => {
      return { k, v, w: this.numeric && w !== null ? Number(w) : w };
    });
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
        if (!this.identified) return null;
        for (const key of job.keys) {
          const wasThere = this.#live.delete(`k${key}`);
          if (wasThere) this.#writers.set(`k${key}`, job.position);
          counts[wasThere ? 'deleted' : 'unchanged'] += 1;
        }
        return counts;
      case 'DELETE_WHERE':
        for (const [key, { record }] of this.#live) {
          if (typeof record.v !== 'number' || record.v >= job.below) continue;
          this.#live.delete(key);
          this.#writers.set(key, job.position);
          counts.deleted += 1;
        }
        return counts;
      case 'DELETE_ALL':
        counts.deleted = this.#live.size;
        this.#swap(new Map());
        return counts;
      case 'RELOAD':
        return this.#reload(job, counts);
    }
  }

  #push({ position, method, records }: Extract<ModelJob, { kind: 'PUSH' }>, id: string, counts: Counts): Counts | null {
    const partial = method === 'UPSERT';
    if (partial && !this.identified) return null;
    const isBad = (record: Given) =>
      !fits(record, { numeric: this.numeric, partial }) || (this.identified && (record.k ?? null) === null);
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
      const partial = kept.method === 'UPSERT' && this.identified;
      const { record } = kept;
      const key = `k${record.k}`;
      if (!fits(record, { numeric: this.numeric, partial }) || (this.identified && (record.k ?? null) === null)) {
        counts.failed += 1;
      } else if (
        this.identified &&
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
    const key = this.identified ? `k${record.k}` : `p${String(position).padStart(4, '0')} ${index}`;
    const before = this.#live.get(key);
    counts[before ? 'updated' : 'added'] += 1;
    this.#live.set(key, { position, record: partial && before ? { ...before.record, ...record } : record });
    this.#writers.set(key, position);
  }

  #reload({ position, identified, numeric }: Extract<ModelJob, { kind: 'RELOAD' }>, counts: Counts): Counts | null {
    if (identified === this.identified && numeric === this.numeric) return counts;
    const all = [...this.#live].sort(([a], [b]) => (a < b ? -1 : 1));
    const unfit = all.some(
      ([, { record }]) => !fits(record, { numeric, partial: true }) || (identified && (record.k ?? null) === null),
    );
    if (unfit) return null;
    const live = new Map<string, Live>();
    for (const [index, [key, one]] of all.entries()) {
      const to =
        identified === this.identified
          ? key
          : identified
            ? `k${one.record.k}`
            : `p${String(position).padStart(4, '0')} ${index}`;
      const before = live.get(to);
      counts[before ? 'updated' : 'added'] += 1;
      if (!before || before.position <= one.position) live.set(to, one);
    }
    const deletions = identified && this.identified ? this.#writers : new Map<string, number>();
    this.#swap(live, deletions);
    this.identified = identified;
    this.numeric = numeric;
    return counts;
  }

  /** `known`: which job wrote or deleted a record last; forgotten when all data is deleted, or when records get another identity. */
  #swap(live: Map<string, Live>, known: ReadonlyMap<string, number> = new Map()): void {
    this.#live = live;
    this.#writers = new Map([...known, ...[...live].map(([key, { position }]) => [key, position] as const)]);
  }
}
