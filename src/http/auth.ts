/**
 * Who may call what. Every route declares its access. A route without a declaration is refused when
 * the server is built, so none is open by oversight.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SupervisorCommand } from '../engine/commands.ts';
import type { Accounts, Role, TokenScope, User } from '../engine/ports/accounts.ts';
import { assert } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { UserId } from '../lib/ids.ts';
import { type EpochMs, SECOND_MS } from '../lib/time.ts';
import { say } from '../words/say.ts';
import type { Addresses } from './addresses.ts';
import type { AuditTrail } from './audit-trail.ts';
import { type Caller, scopeOf } from './caller.ts';
import type { Connections } from './connections.ts';
import { ProblemError } from './errors.ts';
import type { KnownDevices } from './known-devices.ts';
import type { Origins } from './origins.ts';
import { isPassword } from './passwords.ts';
import { hashToken, type Identity, type Sessions } from './sessions.ts';
import { createSignInThrottle } from './sign-in-throttle.ts';

export type Access =
  | 'public'
  | {
      readonly roles: readonly Role[];
      /** A CRM token with this scope may call it too; absent when only people may. */
      readonly scope?: TokenScope;
      /** Whether users who must change their password may call it. */
      readonly evenWithOldPassword?: true;
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    caller: Caller;
  }
}

export type SignInAttempt = {
  readonly login: string;
  readonly password: string;
  readonly address: string;
  /** May hold the cookie of a known device. */
  readonly headers: IncomingHttpHeaders;
};

export type Auth = {
  /**
   * Throws a problem when login or password is wrong, or after too many attempts. Returns the
   * `Set-Cookie` value by which the device is known from now on.
   */
  signIn(attempt: SignInAttempt): Promise<{ readonly user: User; readonly deviceCookie: string }>;
  /** Whether the signed-in user knows their password. Guesses count like sign-in attempts. */
  knowsPassword(user: User, attempt: Omit<SignInAttempt, 'login'>): Promise<boolean>;
};

export type AuthParts = {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly origins: Origins;
  readonly addresses: Addresses;
  readonly trail: AuditTrail;
  readonly connections: Connections;
  readonly devices: KnownDevices;
  readonly now: () => EpochMs;
};

/** Guards every route of the server; called before any is added. */
export function guardRoutes(app: FastifyInstance, parts: AuthParts): void {
  app.decorateRequest('caller');
  app.addHook('onRoute', (route) => {
    assert(route.config?.access, `${route.method} ${route.url} declares who may call it`);
  });
  app.addHook('onRequest', async (request: FastifyRequest, _reply: FastifyReply) => {
    request.caller = { kind: 'anybody' };
    if (request.is404) return;
    const { access } = request.routeOptions.config;
    assert(access, 'every route declares who may call it');
    request.caller = await admit(request, access, parts);
    if (request.caller.kind !== 'anybody') parts.connections.admitted(request.raw);
  });
}

export function createAuth({ accounts, devices, trail, now }: AuthParts): Auth {
  const throttle = createSignInThrottle();

  /** Runs one attempt under the throttle. Throws a problem when it has to wait. */
  const guess = async (
    { login, password, address, headers }: SignInAttempt,
    user:
      | { readonly id: UserId; readonly passwordHash: string; readonly enabled: boolean }
      | undefined,
  ): Promise<boolean> => {
    const knownDevice = devices.deviceOf(headers, user?.id);
    const guesser = { login, address, ...given({ knownDevice }) };
    const { waitMs, locks } = throttle.begin(guesser, now());
    if (waitMs > 0) throw haveToWait(waitMs);
    const fits = await isPassword(password, user?.passwordHash);
    if (fits && user?.enabled) {
      throttle.succeeded(guesser);
      return true;
    }
    const attempt = { login, address, ...(user ? { userId: user.id } : {}) };
    trail.refused('sign-in-failed', attempt);
    if (locks === 'login') trail.refused('locked-out', attempt);
    if (locks === 'address') trail.addressLocked(address);
    if (locks === 'turns') trail.refused('slowed-down', attempt);
    return false;
  };

  return {
    async signIn(attempt) {
      const login = attempt.login.toLowerCase();
      const user = await accounts.userByLogin(login);
      // The same answer for a wrong login, a wrong password and a disabled user.
      if (!(await guess({ ...attempt, login }, user)) || !user) {
        throw new ProblemError('wrong-credentials', say('check-credentials'));
      }
      const { passwordHash: _secret, ...person } = user;
      return { user: person, deviceCookie: devices.remember(attempt.headers, user.id) };
    },
    async knowsPassword({ login, id, enabled }, attempt) {
      const passwordHash = await accounts.passwordHash(id);
      const user = passwordHash === undefined ? undefined : { id, passwordHash, enabled };
      return guess({ ...attempt, login }, user);
    },
  };
}

function haveToWait(waitMs: number): ProblemError {
  const retryAfterSeconds = Math.ceil(waitMs / SECOND_MS);
  const detail = say('wrong-passwords-wait', { seconds: retryAfterSeconds });
  return new ProblemError('too-many-requests', detail, { retryAfterSeconds });
}

/** The person behind a route that only people may call. */
export function personOf(caller: Caller): Identity {
  assert(caller.kind === 'person', 'only people may call this route');
  return caller.identity;
}

/** Who gives a command, for whom, and from which address. */
export function steererOf(
  caller: Caller,
  address: string,
): Required<Pick<SupervisorCommand, 'byUserId' | 'scope' | 'address'>> {
  return { byUserId: personOf(caller).user.id, scope: scopeOf(caller), address };
}

/** A new CRM token. Only its hash is stored. */
export function makeApiToken(): { readonly token: string; readonly tokenHash: string } {
  const token = `${API_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  return { token, tokenHash: hashToken(token) };
}

/** Prefix by which scanners for leaked secrets recognize our tokens. */
const API_TOKEN_PREFIX = 'cadencia_';

async function admit(request: FastifyRequest, access: Access, parts: AuthParts): Promise<Caller> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined && access !== 'public') {
    return admitToken(bearer, request, access, parts);
  }
  // A browser sends Origin with every changing request. Without Origin it is no page of ours.
  if (!isReading(request.method) && !parts.origins.isOwn(request.headers.origin)) {
    throw new ProblemError('foreign-origin', say('use-own-page'));
  }
  if (access === 'public') return { kind: 'anybody' };
  const identity = await parts.sessions.identify(request.headers);
  if (!identity) throw new ProblemError('not-signed-in', say('sign-in-first'));
  const { role, mustChangePassword } = identity.user;
  if (mustChangePassword && !access.evenWithOldPassword) {
    throw new ProblemError('password-change-needed', say('choose-password-first'));
  }
  if (!access.roles.includes(role)) {
    throw new ProblemError(
      'role-not-allowed',
      say('for-roles', { roles: access.roles.join(', ') }),
    );
  }
  return { kind: 'person', identity };
}

async function admitToken(
  bearer: string,
  request: FastifyRequest,
  access: Exclude<Access, 'public'>,
  { accounts, addresses, trail, now }: AuthParts,
): Promise<Caller> {
  const token = await accounts.tokenByHash(hashToken(bearer), now());
  if (!token) throw new ProblemError('token-invalid', say('make-new-token'));
  if (!access.scope) {
    throw new ProblemError('token-lacks-scope', say('no-token-may'));
  }
  if (!token.scopes.includes(access.scope)) {
    throw new ProblemError('token-lacks-scope', say('needs-scope', { scope: access.scope }));
  }
  trail.tokenUsed(token, addresses.of(request.raw));
  return { kind: 'crm', token };
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
