import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntryView } from '../../src/protocol/admin.ts';
import { changeWords, subjectWords, valueWords } from '../../src/web/admin/audit-words.ts';
import { actorWords } from '../../src/web/i18n/actor-words.ts';
import { startTestTexts } from './i18n/start-texts.ts';

beforeAll(() => startTestTexts('pt-BR'));

const row = (given: Partial<AuditEntryView>): AuditEntryView => ({
  ...{ id: 1, at: 1, by: { kind: 'person', name: 'Ana' }, address: '10.0.0.7' },
  ...{ subject: 'user', subjectId: 'user_1', subjectName: 'Bia', change: 'created' },
  ...{ from: null, to: null, because: null, ...given },
});

describe('an audit row in words', () => {
  it.each([
    [row({}).by, 'Ana'],
    [{ kind: 'token', name: 'CRM' }, 'token CRM'],
    [{ kind: 'operator', name: 'renata' }, 'renata (linha de comando)'],
    [{ kind: 'stranger', name: null }, 'não identificado'],
    [{ kind: 'house', name: null }, 'sistema'],
  ] as const)('says that %j did it', (by, words) => {
    expect(actorWords(row({ by }))).toBe(words);
  });

  it('names its subject, and gives only a mark for an unknown login', () => {
    expect(subjectWords(row({}))).toBe('usuário Bia');
    const session = { subject: 'session', subjectName: null };
    expect(subjectWords(row({ ...session, subjectId: 'login_0a1b2c3d' }))).toBe(
      'login desconhecido (0a1b2c3d)',
    );
    expect(subjectWords(row({ ...session, subjectId: 'address' }))).toContain('todos os logins');
  });

  it('writes sizes with a comma, and says who approved a release and why there is no copy', () => {
    const words = (given: Partial<AuditEntryView>) => valueWords(row(given)).to;
    expect(words({ subject: 'backup', change: 'backup-made', to: '3.6 MB' })).toBe('3,6 MB');
    const failed = { subject: 'backup', change: 'backup-failed' };
    expect(words({ ...failed, to: 'no-room-for-copy' })).toBe('não há espaço para a cópia');
    expect(words({ ...failed, to: 'EACCES: permission denied' })).toBe('EACCES: permission denied');
    expect(words({ subject: 'block', change: 'lifted', to: 'Rita Prado' })).toBe(
      'aprovado por Rita Prado',
    );
    expect(words({ subject: 'block', change: 'kept-blocked' })).toBe('–');
  });

  it('says with the role of a new user to which creditors they were limited', () => {
    const made = { name: 'Bia', role: 'supervisor', enabled: true };
    const limited = JSON.stringify({ ...made, limitedTo: ['Lojas Sol'] });
    expect(valueWords(row({ to: limited }))).toEqual({ from: '–', to: 'Supervisor, Lojas Sol' });
    expect(valueWords(row({ to: 'agent' })).to).toBe('Agente');
    const token = JSON.stringify({ scopes: ['lists:write'], limitedTo: ['Lojas Sol'] });
    expect(valueWords(row({ subject: 'token', to: token })).to).toBe('enviar listas, Lojas Sol');
  });

  it('says what differs of a user, a role and permissions in words', () => {
    const user = (role: string, enabled: boolean) => JSON.stringify({ name: 'Bia', role, enabled });
    const changed = { change: 'changed', from: user('agent', true), to: user('admin', false) };
    expect(valueWords(row(changed))).toEqual({
      ...{ from: 'Agente, Ativo', to: 'Administrador, Desativado' },
    });
    const limited = { name: 'Bia', role: 'agent', enabled: true, limitedTo: ['Banco Lua', 'Sol'] };
    const limits = { change: 'changed', from: user('agent', true), to: JSON.stringify(limited) };
    expect(valueWords(row(limits))).toEqual({ from: 'todos os credores', to: 'Banco Lua, Sol' });
    expect(valueWords(row({ to: 'supervisor' })).to).toBe('Supervisor');
    const token = row({ subject: 'token', to: 'lists:write, lists:read' });
    expect(valueWords(token).to).toBe('enviar listas, ler listas');
  });

  it('says how an import ended', () => {
    const totals = { read: 3, created: 2, updated: 0, unchanged: 0, rejected: 1 };
    const to = JSON.stringify({ ...totals, brokenOffBecause: 'interrupted' });
    const words = valueWords(row({ subject: 'list', change: 'import-ended', to })).to;
    expect(words).toContain('Linhas lidas: 3 = criadas 2');
    expect(words).toContain('interrompida');
  });

  it.each(['signed-in', 'locked-out', 'debts-shown', 'rejections-downloaded', 'ringTimeoutMs'])(
    'calls %s by words',
    (change) => {
      expect(changeWords(row({ change }))).not.toBe(change);
    },
  );
});
