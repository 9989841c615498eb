import type { z } from 'zod';
import type { ApiToken, User } from '../../engine/ports/accounts.ts';
import type { tokensView } from '../../protocol/admin.ts';
import type { User as UserView } from '../../protocol/common.ts';

export function presentUser(user: User): UserView {
  const { id, login, name, role, enabled, mustChangePassword, language, limitedTo } = user;
  return {
    ...{ id, login, name, role, enabled, mustChangePassword, language },
    limitedTo: limitedTo ? [...limitedTo] : null,
  };
}

export function presentToken(token: ApiToken): z.input<typeof tokensView>['tokens'][number] {
  return {
    id: token.id,
    name: token.name,
    scopes: [...token.scopes],
    limitedTo: token.limitedTo ? [...token.limitedTo] : null,
    createdAt: token.createdAt,
    expiresAt: token.expiresAt ?? null,
    revokedAt: token.revokedAt ?? null,
  };
}
