import { z } from 'zod';
import { given } from '../../lib/given.ts';
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
import { creditorsToLimitTo, knownCreditors } from './creditor-limits.ts';
import { ADMIN } from './roles.ts';

export function tokenRoutes({ accounts, queries, now }: RouteParts): Route[] {
  const access = { roles: ADMIN } as const;
  return [
    route({
      method: 'GET',
      path: '/api/tokens',
      summary: 'Tokens of the CRM, without their secrets.',
      access,
      reach: 'house',
      answer: tokensView,
      handle: async ({ caller }) => ({
        tokens: (await accounts.tokens()).map(presentToken),
        creditors: creditorsToLimitTo(queries, caller),
      }),
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
        const limitedTo = body.limitedTo && knownCreditors(body.limitedTo, queries);
        const names = limitedTo?.map((one) => queries.creditor(one)?.name ?? one);
        const made = { id, name, scopes, createdAt: at, ...expiry, ...given({ limitedTo }) };
        await accounts.insertToken(made, tokenHash, {
          at,
          byUserId: personOf(caller).user.id,
          address,
          subject: 'token',
          subjectId: id,
          change: 'created',
          to: names ? JSON.stringify({ scopes, limitedTo: names }) : scopes.join(', '),
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
