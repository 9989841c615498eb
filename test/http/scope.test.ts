import { describe, expect, it } from 'vitest';
import type { Role, User } from '../../src/engine/ports/accounts.ts';
import { HOUSE, ScopeRefused } from '../../src/engine/ports/scope.ts';
import { type Caller, scopeOf } from '../../src/http/caller.ts';
import { problemOf } from '../../src/http/errors.ts';

function person(role: Role, limitedTo?: User['limitedTo']): Caller {
  const user: User = {
    id: 'user_1',
    login: 'ana',
    name: 'Ana',
    role,
    enabled: true,
    mustChangePassword: false,
    language: null,
    createdAt: 0,
    ...(limitedTo ? { limitedTo } : {}),
  };
  return { kind: 'person', identity: { user, sessionId: 'session_1', tokenHash: 'hash' } };
}

describe('for whom a caller asks', () => {
  it('is themselves for an agent, and the house for those who steer', () => {
    expect(scopeOf(person('agent'))).toEqual({ kind: 'own', agentId: 'user_1' });
    expect(scopeOf(person('supervisor'))).toEqual(HOUSE);
    expect(scopeOf(person('admin'))).toEqual(HOUSE);
  });

  it('is their creditors for those who are limited, and never more than an agent’s own', () => {
    const creditorIds = ['creditor_1', 'creditor_2'] as const;
    for (const role of ['supervisor', 'admin'] as const) {
      expect(scopeOf(person(role, creditorIds))).toEqual({ kind: 'creditors', creditorIds });
    }
    expect(scopeOf(person('agent', creditorIds))).toMatchObject({ kind: 'own' });
  });

  it('is told from a refusal, which is a 403 and names nothing', () => {
    const problem = problemOf(new ScopeRefused('auditEntries', { kind: 'own', agentId: 'user_1' }));
    expect(problem).toMatchObject({ status: 403, code: 'not-yours' });
    expect(JSON.stringify(problem)).not.toMatch(/auditEntries|user_1/);
  });
});
