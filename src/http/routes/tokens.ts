import { z } from 'zod';
import { isId, newId } from '../../lib/ids.ts';
import { DAY_MS } from '../../lib/time.ts';
import { createdTokenView, createTokenRequest, tokensView } from '../../protocol/admin.ts';
import { secretRandom } from '../../secret-random.ts';
import { say } from '../../words/say.ts';
import { makeApiToken, personOf } from '../auth.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { presentToken } from '../present/user.ts';
import { type Route, route } from '../route.ts';
import { ADMIN } from './roles.ts';

export function tokenRoutes({ accounts, now }: RouteParts): Route[] {
  const access = { roles: ADMIN } as const;
  return [
    route({
      method: 'GET',
      path: '/api/tokens',
      summary: 'Tokens of the CRM, without their secrets.',
      access,
      reach: 'house',
      answer: tokensView,
      handle: async () => ({ tokens: (await accounts.tokens()).map(presentToken) }),
    }),
    route({
      method: 'POST',
      path: '/api/tokens',
      summary: 'Makes a token; the answer shows it, once.',
      access,
      reach: 'house',
      body: createTokenRequest,
      status: 201,
      answer: createdTokenView,
      async handle({ body, caller, address }) {
        const at = now();
        const id = newId('token', at, secretRandom);
        const { token, tokenHash } = makeApiToken();
        const { name, scopes, expiresInDays } = body;
        const expiry =
          expiresInDays === undefined ? {} : { expiresAt: at + expiresInDays * DAY_MS };
        await accounts.insertToken({ id, name, scopes, createdAt: at, ...expiry }, tokenHash, {
          at,
          byUserId: personOf(caller).user.id,
          address,
          subject: 'token',
          subjectId: id,
          change: 'created',
          to: scopes.join(', '),
        });
        return { id, token };
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/tokens/:id',
      summary: 'Revokes a token at once.',
      access,
      reach: 'house',
      params: z.object({ id: z.string() }),
      async handle({ params, caller, address }) {
        const { id } = params;
        const known = (await accounts.tokens()).find((token) => token.id === id);
        if (!known || !isId('token', id)) {
          throw new ProblemError('unknown-token', say('read-tokens-again'));
        }
        const at = now();
        const byUserId = personOf(caller).user.id;
        const about = { subject: 'token', subjectId: id, change: 'revoked' } as const;
        const audit = { at, byUserId, address, ...about };
        await accounts.revokeToken(id, at, audit);
      },
    }),
  ];
}
