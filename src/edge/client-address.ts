import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';

/** Finds out from which address a request comes. */
export type ClientAddress = (request: IncomingMessage) => string;

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+)|\[([\da-f:.]+)\])(?::\d+)?$/i;

/**
 * The address of the client that sent a request: that of the socket, unless it is a trusted proxy. Each proxy appends the address that it was called from to X-Forwarded-For, so
 * that list is read from its end, as long as the addresses are those of trusted proxies. What a client claims itself is before that and means nothing.
 */
export function clientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = blockListOf(trustedProxies);
  return (request) => {
    // Node takes the socket away from a request that is destroyed.
    const socket: Socket | null = request.socket;
    const { 'x-forwarded-for': sent } = request.headers;
    let address = plain(socket?.remoteAddress ?? '') ?? 'unknown';
    if (sent === undefined) return address;
    const forwarded = [sent].flat().join().split(',');
    while (forwarded.length > 0 && isTrusted(trusted, address)) {
      const next = plain(forwarded.pop() ?? '');
      if (next === null) break;
      address = next;
    }
    return address;
  };
}

/** Whether a text is an address, or a range such as 10.0.0.0/8. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

function isTrusted(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** An address without a port and a zone; one of IPv4 in its own form. Null if the text is not an address. */
function plain(text: string): string | null {
  const [bare = ''] = text.trim().split('%');
  const [, v4, v6] = WITH_PORT.exec(bare) ?? [];
  const address = (v4 ?? v6 ?? bare).replace(MAPPED, '');
  return isIP(address) === 0 ? null : address;
}
