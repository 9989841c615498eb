/** The fake server's sessions. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problem, type User } from '../../src/protocol/common.ts';
import {
  changeLanguageRequest,
  changePasswordRequest,
  debtorPhoneView,
  sessionView,
  signInRequest,
} from '../../src/protocol/session.ts';

const COOKIE = 'fake-session';
const COOKIE_TERMS = 'Path=/; HttpOnly; SameSite=Strict';

/** The caller's login. */
export function signedIn({ headers }: FastifyRequest): string | undefined {
  return new RegExp(`\\b${COOKIE}=([^;]+)`).exec(headers.cookie ?? '')?.[1];
}

/** Signing in and out, and what one may change of oneself; `people` is changed by it. */
export function addSession(app: FastifyInstance, people: User[], password: string): void {
  const who = (login: string | undefined) => people.find((one) => one.login === login);
  const view = (user: User) => sessionView.parse({ user, features: { debtorPhone: true } });
  let wrong = 0;
  app.get('/api/session', (request, reply) => {
    const user = who(signedIn(request));
    return user ? view(user) : refuse(reply, 401, 'not-signed-in');
  });
  app.post('/api/session', (request, reply) => {
    const asked = signInRequest.parse(request.body);
    const user = who(asked.login);
    if (wrong >= 3) return refuse(reply, 429, 'too-many-requests', { retryAfterSeconds: 8 });
    if (!user || asked.password !== password) {
      wrong += 1;
      return refuse(reply, 401, 'wrong-credentials');
    }
    reply.header('set-cookie', `${COOKIE}=${user.login}; ${COOKIE_TERMS}`);
    return view(user);
  });
  app.delete('/api/session', (_request, reply) => {
    reply.header('set-cookie', `${COOKIE}=; Max-Age=0; ${COOKIE_TERMS}`);
    return reply.code(204).send();
  });
  app.put('/api/session/password', (request, reply) => {
    const { currentPassword } = changePasswordRequest.parse(request.body);
    if (currentPassword !== password) return refuse(reply, 403, 'wrong-password');
    const at = people.findIndex((one) => one.login === signedIn(request));
    const user = people[at];
    if (user) people[at] = { ...user, mustChangePassword: false };
    return reply.code(204).send();
  });
  app.put('/api/session/language', (request, reply) => {
    const { language } = changeLanguageRequest.parse(request.body);
    const at = people.findIndex((one) => one.login === signedIn(request));
    const user = people[at];
    if (user) people[at] = { ...user, language };
    return reply.code(204).send();
  });
  app.get('/api/debtor-phone', () =>
    debtorPhoneView.parse({
      socketPath: '/debtor-sip',
      domain: 'carrier.invalid',
      username: 'debtor',
      password: 'fake',
      numbers: ['(11) 98888-0099'],
      people: [],
      operationNumbers: ['(11) 3333-4444'],
    }),
  );
}

type Reply = { code(status: number): { send(body: unknown): unknown } };

/** A refusal as the real server words it. */
export function refuse(reply: Reply, status: number, code: string, extra: object = {}): unknown {
  const body = { type: 'about:blank', title: code, status, code, detail: code, ...extra };
  return reply.code(status).send(problem.parse(body));
}
