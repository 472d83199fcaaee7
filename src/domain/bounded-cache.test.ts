import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BoundedCache } from './bounded-cache.js';

const MAX = 10;
const calls = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(12), fc.boolean()), { maxLength: 30 });

/** The same as a list, the last used at its end. */
class Reference {
  #kept: { readonly key: string; readonly size: number }[] = [];

  get(key: string): number | undefined {
    const known = this.#kept.find((one) => one.key === key);
    if (known) this.#kept = [...this.#kept.filter((one) => one !== known), known];
    return known?.size;
  }

  put(key: string, size: number): void {
    if (size > MAX || this.#kept.some((one) => one.key === key)) return;
    this.#kept.push({ key, size });
    while (this.#kept.reduce((sum, one) => sum + one.size, 0) > MAX) this.#kept.shift();
  }
}

describe('a bounded cache', () => {
  it('keeps what was used last, never more than its bound', () => {
    fc.assert(
      fc.property(calls, (all) => {
        const [cache, reference] = [new BoundedCache<number>(MAX, (size) => size), new Reference()];
        for (const [key, size, isPut] of all) {
          if (isPut) for (const one of [cache, reference]) one.put(key, size);
          else expect(cache.get(key)).toBe(reference.get(key));
        }
        for (const key of ['a', 'b', 'c', 'd']) expect(cache.get(key)).toBe(reference.get(key));
      }),
    );
  });
});
