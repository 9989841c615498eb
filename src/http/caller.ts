import type { ApiToken } from '../engine/ports/accounts.ts';
import type { AuditEntry } from '../engine/ports/audit.ts';
import type { Identity } from './sessions.ts';

/** Who asks: a person with a session, the CRM with a token, or whoever calls a public route. */
export type Caller =
  | { readonly kind: 'person'; readonly identity: Identity }
  | { readonly kind: 'crm'; readonly token: ApiToken }
  | { readonly kind: 'anybody' };

/** Who asked, as a row has it. */
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

/** One text for each who asks: keys and slots of one mean nothing to another. */
export function ownerOf(caller: Caller): string {
  const { byUserId, byTokenId } = callerOf(caller);
  return byUserId ?? byTokenId ?? 'anybody';
}
