import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import type { Address, Located } from './address.js';
import { rememberedPlaces } from './remembered-places.js';

/** Bytes, once all garbage is collected. */
function heapAfterGarbage(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

describe('rememberedPlaces', () => {
  /** Finds every address nowhere, and notes what was asked. */
  function finder() {
    const asked: Address[] = [];
    const nowhere: Located = { place: null, reason: 'UNKNOWN_CITY' };
    const locate = rememberedPlaces((address) => {
      asked.push(address);
      return nowhere;
    });
    return { asked, locate, nowhere };
  }

  it('asks once for an address, however its missing parts are written', () => {
    const { asked, locate, nowhere } = finder();
    expect(locate({ city: 'Kyiv' })).toBe(nowhere);
    expect(locate({ city: 'Kyiv', region: null, country: '' })).toBe(nowhere);
    expect(asked).toEqual([{ city: 'Kyiv' }]);
  });

  it('takes no address for another one', () => {
    const { asked, locate } = finder();
    const addresses = [
      { city: 'a', region: 'b' },
      { city: 'ab' },
      { region: 'ab' },
      { city: 'a', country: 'b' },
      { city: 'a', postalCode: 'b' },
      { city: '1 ', region: 'a' },
      { city: '1', region: ' a' },
    ];
    for (const address of addresses) locate(address);
    expect(asked).toEqual(addresses);
  });

  it('forgets addresses that were not asked for in a long time, and keeps none that are long', () => {
    const { asked, locate } = finder();
    locate({ city: 'first' });
    for (let n = 0; n < 20_000; n += 1) locate({ city: `city ${n}` });
    locate({ city: 'first' });
    locate({ city: 'city 19999' });
    expect(asked).toHaveLength(20_002);
    const long = { city: 'x'.repeat(1_000) };
    locate(long);
    locate(long);
    expect(asked).toHaveLength(20_004);
  });

  it('keeps nothing of the texts that addresses are parts of', () => {
    const locate = rememberedPlaces(() => ({ place: null, reason: 'UNKNOWN_CITY' }));
    const before = heapAfterGarbage();
    for (let n = 0; n < 2_000; n += 1) {
      const record = `${'a very long city '.repeat(2)}${n} ${'x'.repeat(50_000)}`;
      locate({ city: Buffer.from(record).toString().slice(0, 40) });
    }
    expect(heapAfterGarbage() - before).toBeLessThan(20_000_000);
  });
});
