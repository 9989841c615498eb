/**
 * Who is at the other end of a connection. Behind a front door of our own its `X-Forwarded-For` says
 * so; whatever anybody else writes there is not looked at.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export type Addresses = {
  /** The IP address of who asked. */
  of(request: IncomingMessage): string;
  /** Whether it is a front door of our own. */
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
      // Each front door of ours wrote down who asked it; the first that is not ours is the one.
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
 * What one party may have many addresses of: of IPv6 the first 64 bits, which is the least that anybody
 * is given.
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

/** IPv4 as it is usually written, also where a socket for both families heard it. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
}
