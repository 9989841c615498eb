import type { AgentId, CreditorId, DebtorId, TokenId, UserId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';

/** What a row is about. */
export type AuditSubject =
  | 'session'
  | 'user'
  | 'token'
  | 'list'
  | 'debtor'
  | 'block'
  | 'campaign'
  | 'agent'
  | 'call'
  | 'trunk'
  | 'creditor'
  | 'portfolio'
  | 'caller-id'
  | 'legal-entity'
  /** A copy of the database, by the name of its file. */
  | 'backup'
  /** The ring of keys outside the database, by the id of its current key. */
  | 'key-ring'
  /** A request for an approval, by the id of what it is about. */
  | 'approval';

/** Of these a row may belong to a campaign; of the others none does. */
export const SUBJECTS_OF_CAMPAIGNS = [
  'campaign',
  'list',
  'call',
  'block',
  'approval',
] as const satisfies readonly AuditSubject[];

/** Who did what, when, and from where. Rows are only ever added. */
export type AuditEntry = {
  readonly at: EpochMs;
  /** Absent: the house itself, a token, or somebody who did not prove who they are. */
  readonly byUserId?: UserId;
  /** The CRM, by the token that it showed. */
  readonly byTokenId?: TokenId;
  /** IP address of who asked; absent for what a machine of the house did, such as a command line. */
  readonly address?: string;
  readonly subject: AuditSubject;
  /** Its id. Of a session, the user, or what stands for a login that nobody has. */
  readonly subjectId: string;
  readonly change: string;
  readonly from?: string;
  readonly to?: string;
  /** Why, in the words of who did it; absent when they gave no reason. */
  readonly because?: string;
};

/** A row as it is read, with names in place of ids where the ids still belong to somebody. */
export type AuditRecord = AuditEntry & {
  /** Of the row; grows with time. */
  readonly id: number;
  readonly byName?: string;
  readonly subjectName?: string;
  /** Where the value is somebody: an agent who joined a campaign. */
  readonly toName?: string;
};

/** Which rows; without a field, all of them. */
export type AuditWanted = {
  /** Rows about one of these. */
  readonly subjects?: readonly AuditSubject[];
  /** Rows that this person caused, or that are about them. */
  readonly userId?: UserId;
  readonly from?: EpochMs;
  /** Not including the moment itself. */
  readonly before?: EpochMs;
  /** Only rows older than this one: the next page. */
  readonly olderThanId?: number;
};

/** What happens to a session, and to attempts to begin one. */
export type SessionChange =
  | 'signed-in'
  | 'signed-out'
  | 'sign-in-failed'
  | 'locked-out'
  /** So many guesses came from so many addresses that unknown devices have to take turns. */
  | 'slowed-down';

/** One row about somebody's way in. `subjectId` is the user, or what stands for an unknown login. */
export function sessionAudit(entry: {
  readonly at: EpochMs;
  readonly address: string;
  readonly change: SessionChange;
  readonly subjectId: UserId | `login_${string}` | 'address';
  readonly byUserId?: UserId;
}): AuditEntry {
  return { ...entry, subject: 'session' };
}

/**
 * An agent's screen showed a debtor's debts: the one row for every way in which that happens. Names
 * neither amounts nor documents.
 */
export function debtsShownAudit(shown: {
  readonly at: EpochMs;
  readonly byUserId: AgentId;
  readonly debtorId: DebtorId;
  readonly address: string;
}): AuditEntry {
  const { debtorId, ...by } = shown;
  return { ...by, subject: 'debtor', subjectId: debtorId, change: 'debts-shown' };
}

/** A user as a row has them, before and after a change. `creditorName`: of a creditor's id. */
export function userSummary(
  {
    name,
    role,
    enabled,
    limitedTo,
  }: {
    readonly name: string;
    readonly role: string;
    readonly enabled: boolean;
    readonly limitedTo?: readonly CreditorId[];
  },
  creditorName: (id: CreditorId) => string,
): string {
  const limit = limitedTo ? { limitedTo: limitedTo.map(creditorName) } : {};
  return JSON.stringify({ name, role, enabled, ...limit });
}

const OPERATOR = 'user_os-';

/**
 * Who runs a command line, by the name that the machine knows them by: nobody of the product, and yet
 * somebody whom an audit finds, such as `user_os-renata`.
 */
export function operatorId(operatingSystemUser: string): UserId {
  const name = operatingSystemUser.toLowerCase().replace(/[^0-9a-z-]/g, '-');
  return `${OPERATOR}${name.slice(0, 40)}`;
}

/** The name within an {@link operatorId}; undefined where it is a user's. */
export function operatorOf(id: UserId): string | undefined {
  return id.startsWith(OPERATOR) ? id.slice(OPERATOR.length) : undefined;
}
