import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Origins } from './origins.js';

const request = (origin: string | undefined, host?: string) => ({ headers: { origin, host } }) as IncomingMessage;

describe('Origins', () => {
  const origins = new Origins({ corsOrigins: ['https://app.example'], publicUrl: 'https://sluice.example/base' });

  it.each([
    ['a client that is no browser', undefined, 'in:4000'],
    ['a named page', 'https://app.example', 'in:4000'],
    ['a page of the public URL, whatever host a proxy sends', 'https://sluice.example', 'in:4000'],
    ['a page of the same host', 'http://in:4000', 'in:4000'],
    ['a page of the same host behind a proxy with TLS', 'https://in', 'in'],
    ['a page of the same host with its port written out', 'https://in', 'in:443'],
    ['a host in capitals', 'http://in:4000', 'IN:4000'],
  ])('let %s open a websocket', (_who, origin, host) => {
    expect(origins.mayConnect(request(origin, host))).toBe(true);
  });

  it.each([
    ['another page', 'https://evil.example', 'in:4000'],
    ['a page whose name begins like a named one', 'https://app.example.evil', 'in:4000'],
    ['a named page without TLS', 'http://app.example', 'in:4000'],
    ['another port', 'http://in:4001', 'in:4000'],
    ['an opaque origin', 'null', 'in:4000'],
    ['an empty origin', '', 'in:4000'],
    ['another scheme', 'ftp://in', 'in'],
    ['no host', 'http://', undefined],
    ['a faulty host', 'http://a b', 'a b'],
  ])('do not let %s open a websocket', (_who, origin, host) => {
    expect(origins.mayConnect(request(origin, host))).toBe(false);
  });

  it('name no page by default', () => {
    const closed = new Origins({});
    expect([closed.areNamed, closed.namedIn(request('https://app.example'))]).toEqual([false, null]);
    expect([origins.areNamed, origins.namedIn(request('https://app.example'))]).toEqual([true, 'https://app.example']);
    expect(closed.mayConnect(request('https://app.example', 'in'))).toBe(false);
  });
});
