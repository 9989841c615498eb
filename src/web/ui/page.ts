import type { Role } from '../../protocol/common.ts';
import type { SessionView } from '../../protocol/session.ts';

/** What a page gets: who is signed in and which doors this installation has open. */
export type PageProps = { readonly session: SessionView };

/** What a page gets that is open to visitors: they have no session. */
export type VisitorProps = { readonly session: SessionView | undefined };

/** The page a role starts its day on. */
export function homeOf(role: Role): string {
  return role === 'agent' ? '/agente' : role === 'supervisor' ? '/supervisor' : '/admin';
}
