/**
 * Audit rows the doors write themselves: sign-ins, attempts, downloads. Rows about stored changes
 * are written with the change, in its transaction.
 */
import { createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import type { Accounts, ApiToken } from '../engine/ports/accounts.ts';
import { type AuditEntry, type SessionChange, sessionAudit } from '../engine/ports/audit.ts';
import type { ListId, UserId } from '../lib/ids.ts';
import { DAY_MS, type EpochMs, HOUR_MS } from '../lib/time.ts';
import { networkOf } from './addresses.ts';
import { type Caller, callerOf } from './caller.ts';

export type AuditTrail = {
  /** A refused attempt at a login; `userId` is absent when no user has that login. */
  refused(
    change: Extract<SessionChange, 'sign-in-failed' | 'locked-out' | 'slowed-down'>,
    attempt: { readonly login: string; readonly userId?: UserId; readonly address: string },
  ): void;
  /** Everyone on an unknown device has to wait at this address. */
  addressLocked(address: string): void;
  /** A token was used. Its first use from an address gives a row, then one a day. */
  tokenUsed(token: ApiToken, address: string): void;
  /** The refused rows of a list were downloaded. */
  downloaded(caller: Caller, listId: ListId, address: string): void;
};

/** Pairs of token and address for which a row is known to be written. */
const REMEMBERED_MAX = 10_000;
const TOKEN_USED_EVERY_MS = DAY_MS;
/**
 * Rows of refused sign-ins per hour, so that guessing from a thousand machines does not fill the
 * disk.
 */
const REFUSED_PER_HOUR_MAX = 1_000;

export function createAuditTrail(parts: {
  readonly accounts: Pick<Accounts, 'insertAudit'>;
  readonly key: Buffer;
  readonly now: () => EpochMs;
  readonly log: Logger;
}): AuditTrail {
  const { accounts, key, now, log } = parts;
  const used = new Map<string, EpochMs>();
  const hour = { began: Number.NEGATIVE_INFINITY, rows: 0 };

  /** The row is not awaited: what it records has already happened. */
  const write = (entry: AuditEntry, failed?: () => void) => {
    accounts.insertAudit(entry).catch((error: unknown) => {
      failed?.();
      log.error({ err: error, change: entry.change }, 'audit row could not be written');
    });
  };

  const writeRefused = (entry: AuditEntry) => {
    if (entry.at - hour.began >= HOUR_MS) Object.assign(hour, { began: entry.at, rows: 0 });
    hour.rows += 1;
    if (hour.rows <= REFUSED_PER_HOUR_MAX) return write(entry);
    if (hour.rows === REFUSED_PER_HOUR_MAX + 1) {
      log.warn(
        { rowsMax: REFUSED_PER_HOUR_MAX },
        'more refused sign-ins in an hour than audit rows allowed',
      );
    }
  };

  /**
   * An unknown login may be a password typed into the wrong field, so its text is never stored. A
   * short keyed hash tells only whether two attempts used the same text.
   */
  const unknownLogin = (login: string): `login_${string}` =>
    `login_${createHmac('sha256', key).update(login).digest('hex').slice(0, 8)}`;

  return {
    refused(change, { login, userId, address }) {
      const subjectId = userId ?? unknownLogin(login);
      writeRefused(sessionAudit({ at: now(), address, change, subjectId }));
    },
    addressLocked(address) {
      writeRefused(
        sessionAudit({ at: now(), address, change: 'locked-out', subjectId: 'address' }),
      );
    },
    tokenUsed({ id }, address) {
      const at = now();
      const place = `${id} ${networkOf(address)}`;
      const before = used.get(place);
      if (before !== undefined && at - before < TOKEN_USED_EVERY_MS) return;
      used.delete(place);
      used.set(place, at);
      const oldest = used.keys().next();
      if (used.size > REMEMBERED_MAX && !oldest.done) used.delete(oldest.value);
      const about = { subject: 'token' as const, subjectId: id, change: 'used' };
      write({ at, byTokenId: id, address, ...about }, () => used.delete(place));
    },
    downloaded(caller, listId, address) {
      const about = {
        subject: 'list' as const,
        subjectId: listId,
        change: 'rejections-downloaded',
      };
      write({ at: now(), ...callerOf(caller), address, ...about });
    },
  };
}
