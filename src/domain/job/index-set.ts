/** A set of record indexes within a job, one bit for each: a million records take 125 kB. */
export class IndexSet {
  private constructor(readonly bits: Uint8Array) {}

  /** Null if there are no indexes. */
  static of(indexes: Iterable<number>): IndexSet | null {
    const all = [...indexes];
    if (all.length === 0) return null;
    const bits = new Uint8Array(Math.floor(all.reduce((most, index) => Math.max(most, index), 0) / 8) + 1);
    for (const index of all) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
    return new IndexSet(bits);
  }

  static fromBits(bits: Uint8Array): IndexSet {
    return new IndexSet(bits);
  }

  has(index: number): boolean {
    return ((this.bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }
}
