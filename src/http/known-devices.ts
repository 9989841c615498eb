/**
 * A signed cookie that lists the users who signed in on this device before. It gives no access: its
 * only effect is a separate count of wrong passwords (`sign-in-throttle.ts`). A shared device
 * remembers the newest few users.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isId, type UserId } from '../lib/ids.ts';
import { DAY_MS, type EpochMs, SECOND_MS } from '../lib/time.ts';
import { cookieIn } from './cookies.ts';

export type KnownDevices = {
  /** The id of the device; undefined when this user never signed in on it. */
  deviceOf(headers: IncomingHttpHeaders, userId: UserId | undefined): string | undefined;
  /** `Set-Cookie` value after a sign-in. */
  remember(headers: IncomingHttpHeaders, userId: UserId): string;
};

const KEPT_MS = 180 * DAY_MS;
const PEOPLE_MAX = 12;
/** Path of sign-ins and password changes; the cookie is sent only there. */
const PATH = '/api/session';

type Device = { readonly id: string; readonly userIds: readonly UserId[] };

export function createKnownDevices(parts: {
  readonly key: Buffer;
  readonly secure: boolean;
  readonly now: () => EpochMs;
}): KnownDevices {
  const { key, secure, now } = parts;
  const name = secure ? '__Secure-cadencia-device' : 'cadencia-device';
  const attributes = [`Path=${PATH}`, `Max-Age=${KEPT_MS / SECOND_MS}`, 'HttpOnly'];
  attributes.push('SameSite=Strict', ...(secure ? ['Secure'] : []));
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url');

  const read = (headers: IncomingHttpHeaders): Device | undefined => {
    const [id = '', until = '', people = '', signature = ''] = (
      cookieIn(headers.cookie ?? '', name) ?? ''
    ).split('~');
    const expected = Buffer.from(sign([id, until, people].join('~')));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    if (Number(until) <= now()) return undefined;
    return { id, userIds: people.split('.').filter((one) => isId('user', one)) as UserId[] };
  };

  return {
    deviceOf(headers, userId) {
      const device = read(headers);
      return userId !== undefined && device?.userIds.includes(userId) ? device.id : undefined;
    },
    remember(headers, userId) {
      const device = read(headers) ?? { id: randomBytes(12).toString('hex'), userIds: [] };
      const others = device.userIds.filter((one) => one !== userId);
      const people = [userId, ...others].slice(0, PEOPLE_MAX).join('.');
      const text = [device.id, String(now() + KEPT_MS), people].join('~');
      return [`${name}=${text}~${sign(text)}`, ...attributes].join('; ');
    },
  };
}
