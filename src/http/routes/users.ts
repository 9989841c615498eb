import { z } from 'zod';
import { AccountsError, onNewestUser, type User } from '../../engine/ports/accounts.ts';
import { type AuditEntry, userSummary } from '../../engine/ports/audit.ts';
import type { Queries } from '../../engine/queries.ts';
import { isId, newId, type UserId } from '../../lib/ids.ts';
import {
  changeUserRequest,
  createdUserView,
  createUserRequest,
  passwordResetView,
  usersView,
} from '../../protocol/admin.ts';
import { user as userSchema } from '../../protocol/common.ts';
import { secretRandom } from '../../secret-random.ts';
import { say } from '../../words/say.ts';
import { personOf } from '../auth.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { firstPasswordFor } from '../password-rule.ts';
import { hashPassword } from '../passwords.ts';
import { presentUser } from '../present/user.ts';
import { type Route, route } from '../route.ts';
import { creditorsToLimitTo, knownCreditors } from './creditor-limits.ts';
import { ADMIN } from './roles.ts';

const idParams = z.object({ id: z.string() });

export function userRoutes(parts: RouteParts): Route[] {
  const people = { known: knownUser(parts), tellEngine: () => parts.people.look() };
  return [
    route({
      method: 'GET',
      path: '/api/users',
      summary: 'All users, and the creditors to which one may be limited.',
      access: ACCESS,
      reach: 'house',
      answer: usersView,
      handle: async ({ caller }) => ({
        users: (await parts.accounts.users()).map(presentUser),
        creditors: creditorsToLimitTo(parts.queries, caller),
      }),
    }),
    addUser(parts, people),
    changeUser(parts, people),
    resetPassword(parts, people),
  ];
}

const ACCESS = { roles: ADMIN } as const;

type People = {
  /** Throws a problem when there is no such user. */
  known(id: string): Promise<User>;
  tellEngine(): Promise<void>;
};

function addUser({ accounts, queries, now }: RouteParts, people: People): Route {
  return route({
    method: 'POST',
    path: '/api/users',
    summary: 'Adds a user; the answer shows the first password, once.',
    access: ACCESS,
    reach: 'house',
    body: createUserRequest,
    status: 201,
    answer: createdUserView,
    async handle({ body, caller, address }) {
      const at = now();
      const id = newId('user', at, secretRandom);
      const news = { enabled: true, mustChangePassword: true, language: null, createdAt: at };
      const { limitedTo, ...given } = body;
      const limit = limitedTo && { limitedTo: knownCreditors(limitedTo, queries) };
      const user: User = { ...given, id, ...news, ...limit };
      const password = firstPasswordFor(user);
      const entry = audit({ at, byUserId: personOf(caller).user.id, address }, id, 'created');
      const passwordHash = await hashPassword(password);
      const to = limit ? userSummary(user, (one) => queries.creditor(one)?.name ?? one) : user.role;
      await accounts.insertUser(user, passwordHash, { ...entry, to }).catch(refused);
      await people.tellEngine();
      return { user: presentUser(user), password };
    },
  });
}

function changeUser({ accounts, sessions, queries, now }: RouteParts, people: People): Route {
  return route({
    method: 'PATCH',
    path: '/api/users/:id',
    summary:
      'Renames, disables or enables a user, changes the role, or limits the user to creditors.',
    access: ACCESS,
    reach: 'house',
    params: idParams,
    body: changeUserRequest,
    answer: z.object({ user: userSchema }),
    async handle({ params, body, caller, address }) {
      const by = personOf(caller).user.id;
      const nameOf = (id: string) => queries.creditor(id)?.name ?? id;
      const { after, isSignedOut } = await onNewestUser(async () => {
        const before = await people.known(params.id);
        const user = changed(before, body, queries);
        const signsOut = isSignedOutBy(before, user);
        if (before.id === by && signsOut) {
          throw new ProblemError('not-yourself', say('ask-another-admin'));
        }
        const entry = audit({ at: now(), byUserId: by, address }, before.id, 'changed');
        const values = { from: userSummary(before, nameOf), to: userSummary(user, nameOf) };
        await accounts.saveUser(user, { ...entry, ...values }, before);
        return { after: user, isSignedOut: signsOut };
      });
      if (isSignedOut) await sessions.endAllOf(after.id);
      await people.tellEngine();
      return { user: presentUser(after) };
    },
  });
}

/** What they may see or do is another, or they may not sign in. */
function isSignedOutBy(before: User, after: User): boolean {
  const isLimitNew = String(after.limitedTo) !== String(before.limitedTo);
  return after.role !== before.role || !after.enabled || isLimitNew;
}

function resetPassword({ accounts, sessions, now }: RouteParts, people: People): Route {
  return route({
    method: 'POST',
    path: '/api/users/:id/password-reset',
    summary: 'Gives a new password, shown once; the sessions of the user end.',
    access: ACCESS,
    reach: 'house',
    params: idParams,
    answer: passwordResetView,
    async handle({ params, caller, address }) {
      const user = await people.known(params.id);
      const by = personOf(caller).user.id;
      if (user.id === by) {
        throw new ProblemError('not-yourself', say('change-own-password'));
      }
      const password = firstPasswordFor(user);
      const entry = audit({ at: now(), byUserId: by, address }, user.id, 'password-reset');
      await accounts.setPassword(user.id, await hashPassword(password), true, entry);
      await sessions.endAllOf(user.id);
      return { password };
    },
  });
}

function knownUser({ accounts }: RouteParts): People['known'] {
  return async (id) => {
    const user = isId('user', id) ? await accounts.user(id) : undefined;
    if (user) return user;
    throw new ProblemError('unknown-user', say('read-users-again'));
  };
}

function audit(
  by: Pick<AuditEntry, 'at' | 'byUserId' | 'address'>,
  subjectId: UserId,
  change: string,
): AuditEntry {
  return { ...by, subject: 'user', subjectId, change };
}

function changed(
  user: User,
  change: z.output<typeof changeUserRequest>,
  queries: Pick<Queries, 'creditor'>,
): User {
  const { limitedTo: before, ...kept } = user;
  const { name = user.name, role = user.role, enabled = user.enabled } = change;
  if (change.limitedTo === undefined) return { ...user, name, role, enabled };
  const limit = change.limitedTo && { limitedTo: knownCreditors(change.limitedTo, queries) };
  return { ...kept, name, role, enabled, ...limit };
}

/** As the audit page reads it: it shows what differs, in words. */
function refused(error: unknown): never {
  if (error instanceof AccountsError && error.code === 'login-taken') {
    throw new ProblemError('login-taken', say('choose-another-login'));
  }
  throw error;
}
