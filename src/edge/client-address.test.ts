import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { clientAddress, isAddressRange } from './client-address.js';

function request(remoteAddress: string | undefined | null, forwarded?: string): IncomingMessage {
  const socket = remoteAddress === null ? null : { remoteAddress };
  return { socket, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage;
}

describe('the address of a client', () => {
  it.each([
    ['without a trusted proxy is that of the socket', [], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['is what a trusted proxy says', ['127.0.0.1'], '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['is not what another one says', ['127.0.0.1'], '127.0.0.2', '203.0.113.7', '127.0.0.2'],
    ['is not what the client claims', ['10.0.0.0/8'], '10.0.0.1', '1.2.3.4, 203.0.113.7', '203.0.113.7'],
    ['is before all trusted proxies', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.7, 10.1.1.1,10.2.2.2', '203.0.113.7'],
    ['is the first one if all are trusted', ['10.0.0.0/8'], '10.0.0.1', '10.3.3.3, 10.2.2.2', '10.3.3.3'],
    ['is that of the proxy if it says nothing', ['10.0.0.0/8'], '10.0.0.1', undefined, '10.0.0.1'],
    ['is that of the proxy if it says nonsense', ['10.0.0.0/8'], '10.0.0.1', '1.2.3.4, <script>', '10.0.0.1'],
    ['has no port', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.7:4711', '203.0.113.7'],
    ['has no port in IPv6 either', ['::1'], '::1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['of IPv4 is written as such', ['127.0.0.1'], '::ffff:127.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
    ['has no zone', ['fe80::/10'], 'fe80::1%eth0', '2001:db8::2', '2001:db8::2'],
    ['of a socket that is gone is unknown', [], undefined, undefined, 'unknown'],
    ['of a request that was cut off is unknown', [], null, undefined, 'unknown'],
  ])('%s', (_, trusted, socket, forwarded, expected) => {
    expect(clientAddress(trusted)(request(socket, forwarded))).toBe(expected);
  });
});

describe('a range of addresses', () => {
  it.each(['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0'])('is %s', (text) => {
    expect(isAddressRange(text)).toBe(true);
  });
  it.each(['', 'localhost', '10.0.0.0/33', '::/129', '10.0.0.0/8/8', '10.0.0.0/x', '10.0.0.0/', 'true', '1'])(
    'is not %j',
    (text) => {
      expect(isAddressRange(text)).toBe(false);
    },
  );
});
