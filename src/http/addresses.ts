/**
 * The client's address of a connection. Behind a trusted proxy `X-Forwarded-For` gives it; the
 * header is ignored from anyone else.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export type Addresses = {
  /** The client's IP address. */
  of(request: IncomingMessage): string;
  /** Whether it is a trusted proxy. */
  isTrusted(address: string): boolean;
};

/** `trustedProxies` are addresses or networks, such as `10.0.0.0/8`. */
export function createAddresses(trustedProxies: readonly string[]): Addresses {
  const trusted = new BlockList();
  for (const one of trustedProxies) {
    const [address = '', bits] = one.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return {
    isTrusted: (address) => isTrusted(plain(address)),
    of(request) {
      const header = request.headers['x-forwarded-for'];
      const said = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').reverse();
      let address = plain(request.socket.remoteAddress ?? '');
      // Each trusted proxy added its client's address; the client is the last one that is no proxy
      // of ours.
      for (const before of said) {
        const next = plain(before.trim());
        if (!isTrusted(address) || isIP(next) === 0) break;
        address = next;
      }
      return address;
    },
  };
}

/**
 * The network of a client, which may hold many addresses: for IPv6 the first 64 bits, the smallest
 * block a client is given.
 */
export function networkOf(address: string): string {
  const whole = plain(address);
  if (isIP(whole) !== 6) return whole;
  const [head = '', tail] = whole.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  while (groups.length + after.length < 8) groups.push('0');
  return `${[...groups, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Plain IPv4 notation, also for addresses heard on a dual-stack socket. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
}
