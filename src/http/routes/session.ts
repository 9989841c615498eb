import {
  changeLanguageRequest,
  changePasswordRequest,
  type SessionView,
  sessionView,
  signInRequest,
} from '../../protocol/session.ts';
import { say } from '../../words/say.ts';
import { personOf } from '../auth.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { passwordRefusal } from '../password-rule.ts';
import { hashPassword } from '../passwords.ts';
import { presentUser } from '../present/user.ts';
import { type Route, route } from '../route.ts';
import { EVERYBODY } from './roles.ts';

const OWN = {
  access: { roles: EVERYBODY, evenWithOldPassword: true },
  reach: 'none',
} as const;

export function sessionRoutes(parts: RouteParts): Route[] {
  const { accounts, auth, sessions, now } = parts;
  const view = (user: Parameters<typeof presentUser>[0]): SessionView => ({
    user: presentUser(user),
    features: { debtorPhone: parts.debtorPhone !== undefined },
  });
  return [
    route({
      method: 'POST',
      path: '/api/session',
      summary: 'Signs in; the answer sets the session cookie.',
      access: 'public',
      reach: 'none',
      body: signInRequest,
      answer: sessionView,
      async handle({ body, address, request: { headers }, reply }) {
        const { user, deviceCookie } = await auth.signIn({ ...body, address, headers });
        // Ends the session of the user signed in here before.
        const before = await sessions.identify(headers);
        if (before) await sessions.end(before, address);
        const { cookie } = await sessions.begin(user, address);
        reply.header('set-cookie', [cookie, deviceCookie]);
        return view(user);
      },
    }),
    route({
      method: 'GET',
      path: '/api/session',
      summary: 'Who is signed in, and which doors this installation has.',
      ...OWN,
      answer: sessionView,
      handle: ({ caller }) => view(personOf(caller).user),
    }),
    route({
      method: 'DELETE',
      path: '/api/session',
      summary: 'Signs out.',
      ...OWN,
      async handle({ caller, address, reply }) {
        await sessions.end(personOf(caller), address);
        reply.header('set-cookie', sessions.goneCookie);
      },
    }),
    route({
      method: 'PUT',
      path: '/api/session/password',
      summary: 'Changes the own password; other sessions of the user end.',
      ...OWN,
      body: changePasswordRequest,
      async handle({ body, caller, address, request: { headers } }) {
        const { user, sessionId } = personOf(caller);
        const attempt = { password: body.currentPassword, address, headers };
        if (!(await auth.knowsPassword(user, attempt))) {
          throw new ProblemError('wrong-password', say('type-current-password'));
        }
        if (body.newPassword === body.currentPassword) {
          throw new ProblemError('password-unchanged', say('choose-another-password'));
        }
        const refused = passwordRefusal(body.newPassword, user);
        if (refused) throw new ProblemError(refused, say('choose-longer-password'));
        const audit = {
          at: now(),
          byUserId: user.id,
          address,
          subject: 'user' as const,
          subjectId: user.id,
          change: 'password-changed',
        };
        await accounts.setPassword(user.id, await hashPassword(body.newPassword), false, audit);
        await sessions.endAllOf(user.id, sessionId);
      },
    }),
    route({
      method: 'PUT',
      path: '/api/session/language',
      summary: 'Keeps the language the user chose.',
      ...OWN,
      body: changeLanguageRequest,
      async handle({ body, caller }) {
        await accounts.setLanguage(personOf(caller).user.id, body.language);
      },
    }),
  ];
}
