import { z } from 'zod';
import {
  type AuditRecord,
  type AuditSubject,
  type AuditWanted,
  operatorOf,
} from '../../engine/ports/audit.ts';
import { given } from '../../lib/given.ts';
import { isId } from '../../lib/ids.ts';
import { type AuditEntryView, type AuditKind, auditKind, auditView } from '../../protocol/admin.ts';
import { epochMs } from '../../protocol/common.ts';
import { scopeOf } from '../caller.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { ADMIN } from './roles.ts';

const ENTRIES_MAX = 1_000;
const ENTRIES_DEFAULT = 200;

/** The kind under which an admin finds rows about each subject. */
const KIND_OF: Readonly<Record<AuditSubject, AuditKind>> = {
  session: 'access',
  user: 'people',
  token: 'tokens',
  list: 'lists',
  debtor: 'debtors',
  block: 'debtors',
  campaign: 'campaigns',
  agent: 'agents',
  call: 'agents',
  trunk: 'operation',
  creditor: 'operation',
  portfolio: 'operation',
  'caller-id': 'operation',
  'legal-entity': 'operation',
  backup: 'operation',
  'key-ring': 'operation',
  approval: 'approvals',
};

function subjectsOf(kind: AuditKind): readonly AuditSubject[] {
  const subjects = Object.keys(KIND_OF) as AuditSubject[];
  return subjects.filter((subject) => KIND_OF[subject] === kind);
}

const moment = z.coerce.number().pipe(epochMs).optional();

const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(ENTRIES_MAX).default(ENTRIES_DEFAULT),
  kind: auditKind.optional(),
  /** The person who acted or was acted upon. */
  userId: z
    .string()
    .refine((text) => isId('user', text), 'must be the id of a user')
    .optional(),
  from: moment,
  before: moment,
  /** Last row of the previous page. */
  olderThanId: z.coerce.number().int().optional(),
});

export function auditRoutes({ store }: RouteParts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/audit',
      summary: 'Who did what, from where and when; newest first, a page at a time.',
      access: { roles: ADMIN },
      reach: 'creditors',
      query: auditQuery,
      answer: auditView,
      async handle({ query, caller }) {
        const wanted = wantedOf(query);
        // Reads one more than is shown to learn whether there is another page.
        const found = await store.read(scopeOf(caller), (view) =>
          view.auditEntries(query.limit + 1, wanted),
        );
        const isMore = found.length > query.limit;
        return { entries: found.slice(0, query.limit).map(presentEntry), isMore };
      },
    }),
  ];
}

function wantedOf({ kind, userId, from, before, olderThanId }: z.output<typeof auditQuery>) {
  const wanted: AuditWanted = {
    ...(kind ? { subjects: subjectsOf(kind) } : {}),
    ...given({ userId, from, before, olderThanId }),
  };
  return wanted;
}

function presentEntry(entry: AuditRecord): AuditEntryView {
  return {
    id: entry.id,
    at: entry.at,
    by: actorOf(entry),
    address: entry.address ?? null,
    subject: entry.subject,
    subjectId: entry.subjectId,
    subjectName: entry.subjectName ?? null,
    change: entry.change,
    from: entry.from ?? null,
    ...reasonOf(entry),
  };
}

/** Reviews of telephones that refused us were stored with their reason as the new value. */
function reasonOf({ subject, to, toName, because }: AuditRecord) {
  if (subject === 'block' && because === undefined) return { to: null, because: to ?? null };
  return { to: toName ?? to ?? null, because: because ?? null };
}

/** Who acted, of a row of the audit trail or a version of settings. */
export function actorOf({
  byUserId,
  byTokenId,
  byName,
  address,
}: Pick<AuditRecord, 'byUserId' | 'byTokenId' | 'byName' | 'address'>): AuditEntryView['by'] {
  if (byTokenId) return { kind: 'token', name: byName ?? null };
  if (!byUserId) return { kind: address === undefined ? 'house' : 'stranger', name: null };
  const operator = operatorOf(byUserId);
  if (operator !== undefined && byName === undefined) return { kind: 'operator', name: operator };
  return { kind: 'person', name: byName ?? null };
}
