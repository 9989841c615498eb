import type { ApiToken } from '../engine/ports/accounts.ts';
import type { AuditEntry } from '../engine/ports/audit.ts';
import { HOUSE, type Scope, scopeOfUser } from '../engine/ports/scope.ts';
import type { Identity } from './sessions.ts';

/** The caller: a person with a session, the CRM with a token, or anyone on a public route. */
export type Caller =
  | { readonly kind: 'person'; readonly identity: Identity }
  | { readonly kind: 'crm'; readonly token: ApiToken }
  | { readonly kind: 'anybody' };

/** The caller in the fields of an audit row. */
export function callerOf(caller: Caller): Pick<AuditEntry, 'byUserId' | 'byTokenId'> {
  switch (caller.kind) {
    case 'person':
      return { byUserId: caller.identity.user.id };
    case 'crm':
      return { byTokenId: caller.token.id };
    default:
      return {};
  }
}

/** A text that identifies the caller, to keep idempotency keys and slots of callers apart. */
export function ownerOf(caller: Caller): string {
  const { byUserId, byTokenId } = callerOf(caller);
  return byUserId ?? byTokenId ?? 'anybody';
}

/** For whom the caller asks, with every query and command: people and tokens within their limits. */
export function scopeOf(caller: Caller): Scope {
  if (caller.kind === 'person') return scopeOfUser(caller.identity.user);
  const creditorIds = caller.kind === 'crm' ? caller.token.limitedTo : undefined;
  return creditorIds ? { kind: 'creditors', creditorIds } : HOUSE;
}
