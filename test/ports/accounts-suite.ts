/** What every implementation of the port `Accounts` must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AccountsError,
  type ApiToken,
  type Session,
  type User,
} from '../../src/engine/ports/accounts.ts';
import { type AuditEntry, sessionAudit } from '../../src/engine/ports/audit.ts';
import { BANK, insertOperation, NOON, SHOP, type TestStorage } from '../support/store.ts';

const ANA: User = {
  id: 'user_1',
  login: 'ana',
  name: 'Ana Lúcia',
  role: 'agent',
  enabled: true,
  mustChangePassword: true,
  language: null,
  createdAt: NOON,
};

const AUDIT: AuditEntry = { at: NOON, subject: 'user', subjectId: ANA.id, change: 'created' };

const SESSION: Session = {
  id: 'session_1',
  userId: ANA.id,
  createdAt: NOON,
  expiresAt: NOON + 1_000,
  lastSeenAt: NOON,
};

const SIGNED_IN = sessionAudit({
  ...{ at: NOON, address: '10.0.0.7', change: 'signed-in' },
  ...{ subjectId: ANA.id, byUserId: ANA.id },
});

const TOKEN: ApiToken = {
  id: 'token_1',
  name: 'CRM',
  scopes: ['lists:write', 'calls:read'],
  createdAt: NOON,
  expiresAt: NOON + 1_000,
};

export function accountsSuite(name: string, open: () => Promise<TestStorage>): void {
  describe(`accounts (${name})`, () => {
    let storage: TestStorage;

    beforeEach(async () => {
      storage = await open();
      await storage.accounts.insertUser(ANA, 'hash-of-a-password', AUDIT);
    });

    afterEach(async () => {
      await storage.dispose();
    });

    revisions(() => storage);
    users(() => storage);
    sessions(() => storage);
    tokens(() => storage);
    trail(() => storage);
  });
}

type Current = () => TestStorage;

function revisions(storage: Current): void {
  it('raise their revision with every change of a user, and with nothing else', async () => {
    const { accounts } = storage();
    const seen = [await accounts.revision()];
    const look = async () => seen.push(await accounts.revision());
    await accounts.insertUser({ ...ANA, id: 'user_2', login: 'bia' }, 'hash', AUDIT);
    await look();
    await accounts.saveUser({ ...ANA, enabled: false }, AUDIT);
    await look();
    await accounts.setPassword(ANA.id, 'another-hash', true, AUDIT);
    await look();
    expect(seen.map((one) => one - (seen[0] ?? 0))).toEqual([0, 1, 2, 3]);
    await accounts.insertUser({ ...ANA, id: 'user_3' }, 'hash', AUDIT).catch(() => {});
    await accounts.users();
    expect(await accounts.revision()).toBe(seen.at(-1));
  });
}

function users(current: Current): void {
  it('finds a user by id and, whatever the case, by login', async () => {
    const { accounts } = current();
    expect(await accounts.user(ANA.id)).toEqual(ANA);
    expect(await accounts.userByLogin('ANA')).toEqual({
      ...ANA,
      passwordHash: 'hash-of-a-password',
    });
    expect(await accounts.userByLogin('bruno')).toBeUndefined();
    expect(await accounts.users()).toEqual([ANA]);
  });

  it("keeps a user's limit to creditors until it is changed or lifted", async () => {
    const { accounts } = current();
    await insertOperation(current());
    const limited = { ...ANA, limitedTo: [BANK.id, SHOP.id] };
    await accounts.saveUser(limited, AUDIT);
    await accounts.insertUser(
      { ...ANA, id: 'user_2', login: 'aline', limitedTo: [SHOP.id] },
      'hash',
      AUDIT,
    );
    await accounts.insertUser({ ...ANA, id: 'user_3', login: 'zeca' }, 'hash', AUDIT);
    expect(await accounts.user(ANA.id)).toEqual(limited);
    expect(await accounts.userByLogin('ana')).toMatchObject({
      ...limited,
      passwordHash: 'hash-of-a-password',
    });
    expect((await accounts.users()).map(({ login, limitedTo }) => [login, limitedTo])).toEqual([
      ['aline', [SHOP.id]],
      ['ana', [BANK.id, SHOP.id]],
      ['zeca', undefined],
    ]);
    await accounts.setPassword(ANA.id, 'hash-2', false, AUDIT);
    await accounts.insertSession(SESSION, 'token', SIGNED_IN);
    const found = await accounts.sessionByTokenHash('token', NOON);
    expect(found?.user.limitedTo).toEqual([BANK.id, SHOP.id]);
    await accounts.saveUser({ ...ANA, limitedTo: [SHOP.id] }, AUDIT);
    expect((await accounts.user(ANA.id))?.limitedTo).toEqual([SHOP.id]);
    await accounts.saveUser(ANA, AUDIT);
    expect(await accounts.user(ANA.id)).toEqual(ANA);
    expect((await accounts.user('user_2'))?.limitedTo).toEqual([SHOP.id]);
  });

  it('refuses a second user with the same login, and stores neither them nor an audit row', async () => {
    const { accounts, store } = current();
    const second = { ...ANA, id: 'user_2', login: 'Ana' } as const;
    await expect(accounts.insertUser(second, 'x', AUDIT)).rejects.toMatchObject({
      code: 'login-taken',
    });
    await accounts.insertUser({ ...second, login: 'bia' }, 'x', AUDIT);
    await expect(accounts.saveUser({ ...second, login: 'ana' }, AUDIT)).rejects.toBeInstanceOf(
      AccountsError,
    );
    expect(await store.read((view) => view.auditEntries(10))).toHaveLength(2);
  });

  it('changes names, roles, passwords and languages of existing users', async () => {
    const { accounts, store } = current();
    await accounts.saveUser({ ...ANA, name: 'Ana L. Prado', role: 'supervisor' }, AUDIT);
    await accounts.setPassword(ANA.id, 'hash-2', false, { ...AUDIT, change: 'password' });
    await accounts.setLanguage(ANA.id, 'en');
    expect(await accounts.userByLogin('ana')).toEqual({
      ...ANA,
      name: 'Ana L. Prado',
      role: 'supervisor',
      language: 'en',
      mustChangePassword: false,
      passwordHash: 'hash-2',
    });
    expect(await accounts.passwordHash(ANA.id)).toBe('hash-2');
    expect(await store.read((view) => view.people())).toEqual([
      { id: ANA.id, name: 'Ana L. Prado', role: 'supervisor', enabled: true },
    ]);
    await expect(accounts.setLanguage('user_9', 'en')).rejects.toMatchObject({
      code: 'unknown-user',
    });
  });
}

function sessions(current: Current): void {
  it('accepts a session until it expires, its user is disabled, or it is deleted', async () => {
    const { accounts } = current();
    await accounts.insertSession(SESSION, 'token-hash', SIGNED_IN);
    const found = (now: number) => accounts.sessionByTokenHash('token-hash', now);
    expect(await found(NOON)).toEqual({ session: SESSION, user: ANA });
    expect(await found(NOON + 1_000)).toBeUndefined();
    await accounts.touchSession(SESSION.id, NOON + 500, NOON + 2_000);
    expect((await found(NOON + 1_500))?.session.lastSeenAt).toBe(NOON + 500);
    await accounts.saveUser({ ...ANA, enabled: false }, AUDIT);
    expect(await found(NOON)).toBeUndefined();
    await accounts.saveUser(ANA, AUDIT);
    await accounts.deleteSession(SESSION.id);
    expect(await found(NOON)).toBeUndefined();
  });

  it("deletes a user's other sessions and everybody's expired ones", async () => {
    const { accounts } = current();
    await accounts.insertSession(SESSION, 'a', SIGNED_IN);
    await accounts.insertSession({ ...SESSION, id: 'session_2' }, 'b', SIGNED_IN);
    await accounts.insertSession({ ...SESSION, id: 'session_3' }, 'c', SIGNED_IN);
    await accounts.deleteSessionsOf(ANA.id, 'session_2');
    expect(await accounts.sessionByTokenHash('a', NOON)).toBeUndefined();
    expect(await accounts.sessionByTokenHash('b', NOON)).toBeDefined();
    expect(await accounts.deleteExpiredSessions(NOON + 999)).toBe(0);
    expect(await accounts.deleteExpiredSessions(NOON + 1_000)).toBe(1);
  });
}

function trail(current: Current): void {
  it('records sign-ins and sign-outs, and from where, together with the session', async () => {
    const { accounts, store } = current();
    await accounts.insertSession(SESSION, 'a', SIGNED_IN);
    await accounts.deleteSession(SESSION.id, { ...SIGNED_IN, change: 'signed-out' });
    await accounts.insertToken(TOKEN, 'hash', AUDIT);
    const about = { subject: 'token', subjectId: TOKEN.id } as const;
    const used = { at: NOON, byTokenId: TOKEN.id, ...about };
    await accounts.insertAudit({ ...used, change: 'used', address: '10.0.0.8' });
    const rows = await store.read((view) => view.auditEntries(10, { subjects: ['session'] }));
    expect(rows).toMatchObject([
      { change: 'signed-out', address: '10.0.0.7', byName: 'Ana Lúcia', subjectName: 'Ana Lúcia' },
      { change: 'signed-in', address: '10.0.0.7', byUserId: ANA.id },
    ]);
    const [newest] = await store.read((view) => view.auditEntries(1));
    expect(newest).toMatchObject({ change: 'used', byName: 'CRM', address: '10.0.0.8' });
  });
}

function tokens(current: Current): void {
  it('accepts a token until it expires or is revoked, and lists it ever after', async () => {
    const { accounts } = current();
    await accounts.insertToken(TOKEN, 'hash', AUDIT);
    expect(await accounts.tokenByHash('hash', NOON)).toEqual(TOKEN);
    expect(await accounts.tokenByHash('hash', NOON + 1_000)).toBeUndefined();
    const limited: ApiToken = { ...TOKEN, id: 'token_2', limitedTo: ['creditor_1', 'creditor_2'] };
    await accounts.insertToken(limited, 'hash-2', AUDIT);
    expect(await accounts.tokenByHash('hash-2', NOON)).toEqual(limited);
    await accounts.revokeToken(TOKEN.id, NOON + 5, AUDIT);
    expect(await accounts.tokenByHash('hash', NOON + 5)).toBeUndefined();
    expect(await accounts.tokens()).toEqual([{ ...TOKEN, revokedAt: NOON + 5 }, limited]);
  });
}
