import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answering, type FakeGeocoder, fakeGeocoder, placeAt } from '../../../test/support/fake-geocoder.js';
import type { GeoPoint } from '../../domain/geo-point.js';
import { needOfAddress } from '../../domain/geolocation/asked-address.js';
import type { AddressNeed } from '../../domain/transform/answers.js';
import type { AddressCache } from '../../ports/address-cache.js';
import { type HttpGeocoderOptions, httpGeocoder } from './http-geocoder.js';

const KYIV = { lat: 50.45, lon: 30.52 };
const FAST = { rate: 1_000, askingMs: 20_000 };
const SECRET = 'a-secret-of-the-operator';

function need(city: string): AddressNeed {
  const made = needOfAddress({ city });
  if (!made) throw new Error('it is no address');
  return made;
}

describe('an HTTP geocoder', () => {
  let server: FakeGeocoder;
  let cached: Map<string, GeoPoint | null>;
  const cache: AddressCache = {
    read: async (ids) => new Map(ids.flatMap((id) => (cached.has(id) ? [[id, cached.get(id) ?? null] as const] : []))),
    keep: async (answers) => {
      for (const [id, point] of answers) cached.set(id, point);
    },
  };
  beforeEach(async () => {
    server = await fakeGeocoder(answering(placeAt(KYIV.lat, KYIV.lon)));
    cached = new Map();
  });
  afterEach(() => server.close());

  function geocoder(options: Partial<HttpGeocoderOptions> = {}) {
    return httpGeocoder({ ...FAST, url: `${server.url}&key=${SECRET}`, ...options }, cache);
  }

  /** The answers for cities, in order. */
  async function found(cities: readonly string[], options: Partial<HttpGeocoderOptions> = {}) {
    const source = geocoder(options);
    const needs = cities.map(need);
    const answers = await source.find(needs, source.budget(), new AbortController().signal);
    expect(JSON.stringify([...answers])).not.toContain(SECRET);
    return needs.map(({ key }) => answers.get(key));
  }

  const many = (count: number) => Array.from({ length: count }, (_, n) => `town ${n}`);

  it('takes the first place, and asks for it as the template says', async () => {
    expect(await found(['Kyiv & Co'])).toEqual([{ point: KYIV }]);
    expect(server.asked).toEqual([`/search?format=jsonv2&q=Kyiv%20%26%20Co&key=${SECRET}`]);
  });

  it('says that a place is nowhere, caches that, and asks for nothing twice', async () => {
    server.answer(answering([]));
    expect(await found(['Kyiv'])).toEqual([{ point: null }]);
    server.answer(answering(placeAt(1, 2)));
    expect(await found(['  KYIV ', 'Lviv'])).toEqual([{ point: null }, { point: { lat: 1, lon: 2 } }]);
    expect(server.asked).toHaveLength(2);
    await found(['Kyiv'], { url: `${server.url}&other` });
    expect(server.asked).toHaveLength(3);
  });

  it('keeps to its rate', async () => {
    const from = performance.now();
    await found(many(5), { rate: 20 });
    expect(performance.now() - from).toBeGreaterThanOrEqual(4 * 50 - 5);
  });

  it.each([500, 503, 429])('asks again after status %d', async (status) => {
    server.answer((response, request) => {
      if (server.asked.length === 1) answering('', status)(response, request);
      else answering(placeAt(1, 2))(response, request);
    });
    expect(await found(['Kyiv'])).toEqual([{ point: { lat: 1, lon: 2 } }]);
    expect(server.asked).toHaveLength(2);
  });

  it('waits as long as Retry-After says, with all requests', async () => {
    server.answer((response, request) => {
      if (server.asked.length === 1) answering('', 429, { 'retry-after': '2' })(response, request);
      else answering(placeAt(1, 2))(response, request);
    });
    const from = performance.now();
    const answers = await found(['Kyiv', 'Lviv'], { rate: 1 });
    expect(performance.now() - from).toBeGreaterThanOrEqual(2_000);
    expect(answers.map((answer) => answer?.fault)).toEqual([undefined, undefined]);
  });

  it.each(['86400', '9'.repeat(400)])(
    'waits for no Retry-After beyond its time, and caches no failure',
    async (time) => {
      server.answer(answering('', 503, { 'retry-after': time }));
      const from = performance.now();
      const [first, second] = await found(['Kyiv', 'Lviv'], { askingMs: 3_000 });
      expect(performance.now() - from).toBeLessThan(10_000);
      expect([first?.point, second?.point]).toEqual([null, null]);
      expect(second?.fault).toContain('the time for asking it was over');
      expect(server.asked).toHaveLength(2);
      expect(cached.size).toBe(0);
    },
  );

  it.each<[string, Parameters<FakeGeocoder['answer']>[0], string]>([
    ['HTML', answering('<html>sorry</html>'), 'not a JSON array of places'],
    ['an object', answering({ error: 'no' }), 'not a JSON array of places'],
    ['a place without a point', answering([{ display_name: 'x' }]), 'not a JSON array of places'],
    ['a point that is on no map', answering(placeAt(91, 0)), 'not a JSON array of places'],
    ['a body that is too large', answering(' '.repeat(1_000_001)), 'more than 1000000 bytes'],
    ['status 403', answering(SECRET, 403), 'it answered with status 403'],
    ['a closed connection', (response) => void response.destroy(), 'it cannot be reached'],
    ['a redirect to another host', answering('', 302, { location: 'http://localhost:1/x' }), 'to another host'],
    ['redirects without end', answering('', 302, { location: '/search' }), 'redirected more than 3 times'],
  ])('has a fault for %s', async (_, respond, fault) => {
    server.answer(respond);
    const [answer] = await found(['Kyiv']);
    expect(answer).toEqual({ point: null, fault: expect.stringContaining(fault) });
    expect(answer?.fault).toContain('"Kyiv"');
    expect(cached.size).toBe(0);
  });

  it('has a fault for a small body that unpacks to a large one', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    server.answer((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect((await found(['Kyiv']))[0]?.fault).toContain('more than 1000000 bytes');
  });

  it.each([
    [JSON.stringify([{ lat: '5.1e1', lon: '-8e-05' }])],
    [JSON.stringify([{ lat: '+51', lon: '-0.00008' }])],
    [`\ufeff${JSON.stringify([{ lat: 51, lon: -8e-5 }])}`],
  ])('reads the point of %j', async (body) => {
    server.answer(answering(body));
    expect(await found(['London'])).toEqual([{ point: { lat: 51, lon: -8e-5 } }]);
  });

  it('asks for nothing if a part of the address would change the path of the template', async () => {
    const url = `http://127.0.0.1:${server.port}/places/{q}/search`;
    expect(await found(['..', 'Kyiv'], { url })).toEqual([{ point: null }, { point: KYIV }]);
    expect(server.asked).toEqual(['/places/Kyiv/search']);
  });

  it('follows a redirect on the same host', async () => {
    server.answer((response, request) => {
      if (server.asked.length === 1) answering('', 301, { location: '/moved?q=x' })(response, request);
      else answering(placeAt(1, 2))(response, request);
    });
    expect(await found(['Kyiv'])).toEqual([{ point: { lat: 1, lon: 2 } }]);
    expect(server.asked[1]).toBe('/moved?q=x');
  });

  it.each<[string, Parameters<FakeGeocoder['answer']>[0]]>([
    ['never answers', () => undefined],
    ['never ends its answer', (response) => void response.writeHead(200).write('[')],
  ])('gives up a request to a server that %s', async (_, respond) => {
    server.answer(respond);
    const [answer] = await found(['Kyiv'], { requestMs: 100 });
    expect(answer?.fault).toContain('it gave no answer within 0.1 s');
    expect(server.asked).toHaveLength(3);
  });

  it('ends at its deadline, whatever the server does', async () => {
    server.answer(() => undefined);
    const from = performance.now();
    const answers = await found(many(1_000), { askingMs: 500 });
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(answers.every((answer) => answer?.fault?.includes('the time for asking it was over'))).toBe(true);
  });

  it('stops asking after ten failures; what is cached is answered still', async () => {
    const [known] = await found(['Kyiv']);
    server.answer(answering('', 500));
    const source = geocoder();
    const budget = source.budget();
    const signal = new AbortController().signal;
    const answers = await source.find(many(100).map(need), budget, signal);
    // Those that were already being sent count too.
    expect(server.asked.length).toBeLessThanOrEqual(1 + 10 + 8);
    expect([...answers.values()].at(-1)?.fault).toContain('10 requests had failed');
    const before = server.asked.length;
    const later = await source.find([need('Kyiv'), need('Lviv')], budget, signal);
    expect(later.get(need('Kyiv').key)).toEqual(known);
    expect(later.get(need('Lviv').key)?.fault).toContain('10 requests had failed');
    expect(server.asked).toHaveLength(before);
  });

  it('stops when the service stops', async () => {
    server.answer(() => undefined);
    const source = geocoder();
    const stopping = new AbortController();
    const finding = source.find([need('Kyiv')], source.budget(), stopping.signal);
    stopping.abort(new Error('the service stops'));
    await expect(finding).rejects.toThrow('the service stops');
  });
});
