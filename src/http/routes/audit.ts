import { z } from 'zod';
import { auditView } from '../../protocol/admin.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { ADMIN } from './roles.ts';

const ENTRIES_MAX = 1_000;
const ENTRIES_DEFAULT = 200;

export function auditRoutes({ store, accounts }: RouteParts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/audit',
      summary: 'Who changed what, newest first.',
      access: { roles: ADMIN },
      query: z.object({
        limit: z.coerce.number().int().min(1).max(ENTRIES_MAX).default(ENTRIES_DEFAULT),
      }),
      answer: auditView,
      async handle({ query }) {
        const [entries, users] = await Promise.all([
          store.read((view) => view.auditEntries(query.limit)),
          accounts.users(),
        ]);
        const nameOf = new Map(users.map((user) => [user.id, user.name]));
        return {
          entries: entries.map((entry) => ({
            at: entry.at,
            by: entry.byUserId ? (nameOf.get(entry.byUserId) ?? entry.byUserId) : null,
            subject: entry.subject,
            subjectId: entry.subjectId,
            change: entry.change,
            from: entry.from ?? null,
            to: entry.to ?? null,
          })),
        };
      },
    }),
  ];
}
