/** A set of places of records in a job, a bit each: a million of them are 125 kB. */
export class Places {
  private constructor(readonly bits: Uint8Array) {}

  static of(places: Iterable<number>): Places | null {
    const all = [...places];
    if (all.length === 0) return null;
    const bits = new Uint8Array(Math.floor(all.reduce((most, place) => Math.max(most, place), 0) / 8) + 1);
    for (const place of all) bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7));
    return new Places(bits);
  }

  static fromBits(bits: Uint8Array): Places {
    return new Places(bits);
  }

  has(place: number): boolean {
    return ((this.bits[place >> 3] ?? 0) & (1 << (place & 7))) !== 0;
  }
}
