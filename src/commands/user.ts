import { parseArgs } from 'node:util';
import type { Creditor } from '../domain/debtors/debt.ts';
import type { Accounts, Role, User } from '../engine/ports/accounts.ts';
import { AccountsError, onNewestUser } from '../engine/ports/accounts.ts';
import { type AuditEntry, userSummary } from '../engine/ports/audit.ts';
import { firstPasswordFor } from '../http/password-rule.ts';
import { hashPassword } from '../http/passwords.ts';
import { type CreditorId, newId } from '../lib/ids.ts';
import { createUserRequest } from '../protocol/admin.ts';
import { secretRandom } from '../secret-random.ts';
import { openStorage, type Storage } from '../storage/store.ts';
import { DATABASE_DEFAULT, databaseOf } from './database.ts';

/**
 * `npm run user`: manages the people who may sign in, directly in the database file, whether the
 * dialer runs or not. A running dialer sees a change within a second or two: a new user can sign
 * in; a user who was disabled, limited or has a new role is signed out.
 */
const USAGE = `npm run user -- <command>
  list
  add <login> --name "<name>" --role <agent|supervisor|admin>   prints the first password, once
  disable <login>
  enable <login>
  role <login> --role <agent|supervisor|admin>
  limit <login> --creditor <name or id> [--creditor …]          sees and steers their campaigns only
  unlimit <login>
  reset <login>                                                 prints a new password, once
  --database <file>     default: ${DATABASE_DEFAULT}`;

async function addUser(
  accounts: Accounts,
  given: { readonly login: string; readonly name: string; readonly role: Role },
  now: number,
): Promise<{ readonly user: User; readonly password: string }> {
  const password = firstPasswordFor(given);
  const id = newId('user', now, secretRandom);
  const user: User = {
    ...given,
    id,
    enabled: true,
    mustChangePassword: true,
    language: null,
    createdAt: now,
  };
  await accounts.insertUser(user, await hashPassword(password), {
    ...auditOf(user, 'created', now),
    to: user.role,
  });
  return { user, password };
}

type Options = {
  readonly name?: string;
  readonly role?: string;
  readonly creditor?: readonly string[];
};

/** Returns what was done, or throws an Error that says what to do instead. */
export async function runUserCommand(
  { accounts, store }: Pick<Storage, 'accounts' | 'store'>,
  words: readonly string[],
  { creditor: named = [], ...options }: Options,
  now: number,
): Promise<string> {
  const [command, login = ''] = words;
  const creditors = await store.read((view) => view.creditors());
  switch (command) {
    case 'list': {
      const lines = (await accounts.users()).map((user) => lineOf(user, creditors));
      return lines.join('\n') || 'There is nobody yet.';
    }
    case 'add': {
      const given = createUserRequest.safeParse({ login, ...options });
      if (!given.success) throw new Error(`${problemsOf(given.error.issues)}\n${USAGE}`);
      const { user, password } = await addUser(accounts, given.data, now).catch(loginTaken);
      return `${user.login} may sign in with the password ${password} and then chooses a new one.`;
    }
    case 'disable':
    case 'enable': {
      const enabled = command === 'enable';
      const user = await onNewestUser(async () => {
        const before = await known(accounts, login);
        await accounts.saveUser(
          { ...before, enabled },
          auditOf(before, `${command}d`, now),
          before,
        );
        return before;
      });
      if (!enabled) await accounts.deleteSessionsOf(user.id);
      return `${user.login} is ${command}d.`;
    }
    case 'role': {
      const given = createUserRequest.shape.role.safeParse(options.role);
      if (!given.success) throw new Error(USAGE);
      return onNewestUser(async () => {
        const user = await known(accounts, login);
        await changeUser(accounts, creditors, user, { ...user, role: given.data }, now);
        return `${user.login} is ${given.data} now.`;
      });
    }
    case 'limit':
    case 'unlimit': {
      const limitedTo = named.map((one) => creditorOf(creditors, one)).sort();
      if (limitedTo.length > 0 !== (command === 'limit')) throw new Error(USAGE);
      return onNewestUser(async () => {
        const user = await known(accounts, login);
        const { limitedTo: _before, ...unlimited } = user;
        const after = command === 'limit' ? { ...unlimited, limitedTo } : unlimited;
        await changeUser(accounts, creditors, user, after, now);
        return `${user.login} sees ${limitWords(after, creditors)} now.`;
      });
    }
    case 'reset': {
      const user = await known(accounts, login);
      const password = firstPasswordFor(user);
      const audit = auditOf(user, 'password-reset', now);
      await accounts.setPassword(user.id, await hashPassword(password), true, audit);
      await accounts.deleteSessionsOf(user.id);
      return `${user.login} signs in with the password ${password} and then chooses a new one.`;
    }
    default:
      throw new Error(USAGE);
  }
}

/** Stores new rights, with what differs in the audit trail, and signs the user out where any do. */
async function changeUser(
  accounts: Accounts,
  creditors: readonly Creditor[],
  before: User,
  after: User,
  now: number,
): Promise<void> {
  const nameOf = (id: string) => creditors.find((one) => one.id === id)?.name ?? id;
  const values = { from: userSummary(before, nameOf), to: userSummary(after, nameOf) };
  await accounts.saveUser(after, { ...auditOf(before, 'changed', now), ...values }, before);
  const isSame = after.role === before.role && `${after.limitedTo}` === `${before.limitedTo}`;
  if (!isSame) await accounts.deleteSessionsOf(before.id);
}

/** By id, or by name in whatever case. */
function creditorOf(creditors: readonly Creditor[], named: string): CreditorId {
  const found = creditors.filter(
    ({ id, name }) => id === named || name.toLowerCase() === named.toLowerCase(),
  );
  const [creditor] = found;
  if (creditor && found.length === 1) return creditor.id;
  const all = creditors.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new Error(
    `There is ${creditor ? 'more than one' : 'no'} creditor "${named}". All: ${all}.`,
  );
}

function limitWords({ limitedTo }: User, creditors: readonly Creditor[]): string {
  const names = creditors.filter(({ id }) => limitedTo?.includes(id)).map(({ name }) => name);
  return limitedTo ? `only ${names.join(', ')}` : 'all creditors';
}

async function known(accounts: Accounts, login: string): Promise<User> {
  const found = await accounts.userByLogin(login.toLowerCase());
  const user = found && (await accounts.user(found.id));
  if (user) return user;
  throw new Error(`There is no user "${login}". \`npm run user -- list\` shows all.`);
}

function loginTaken(error: unknown): never {
  if (error instanceof AccountsError && error.code === 'login-taken') {
    throw new Error('Somebody has this login already.');
  }
  throw error;
}

function auditOf(user: User, change: string, at: number): AuditEntry {
  return { at, subject: 'user', subjectId: user.id, change };
}

function lineOf(user: User, creditors: readonly Creditor[]): string {
  const { login, role, name, enabled, limitedTo } = user;
  const limit = limitedTo ? ` (${limitWords(user, creditors)})` : '';
  return `${login.padEnd(20)} ${role.padEnd(10)} ${enabled ? '' : 'DISABLED '}${name}${limit}`;
}

function problemsOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      role: { type: 'string' },
      creditor: { type: 'string', multiple: true },
      database: { type: 'string' },
    },
  });
  const { database, ...options } = values;
  const storage = await openStorage({
    database: databaseOf(database),
    now: Date.now,
    random: secretRandom,
  });
  try {
    console.log(await runUserCommand(storage, positionals, options, Date.now()));
  } finally {
    await storage.close();
  }
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 1;
  });
}
