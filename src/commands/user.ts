import { parseArgs } from 'node:util';
import type { Accounts, Role, User } from '../engine/ports/accounts.ts';
import { AccountsError } from '../engine/ports/accounts.ts';
import { type AuditEntry, userSummary } from '../engine/ports/audit.ts';
import { firstPasswordFor } from '../http/password-rule.ts';
import { hashPassword } from '../http/passwords.ts';
import { newId } from '../lib/ids.ts';
import { createUserRequest } from '../protocol/admin.ts';
import { secretRandom } from '../secret-random.ts';
import { openStorage } from '../storage/store.ts';
import { DATABASE_DEFAULT, databaseOf } from './database.ts';

/**
 * `npm run user`: manages the people who may sign in, directly in the database file, whether the
 * dialer runs or not. A running dialer sees a change within a second or two: a new user can sign
 * in; a user who was disabled or has a new role is signed out.
 */
const USAGE = `npm run user -- <command>
  list
  add <login> --name "<name>" --role <agent|supervisor|admin>   prints the first password, once
  disable <login>
  enable <login>
  role <login> --role <agent|supervisor|admin>
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

/** Returns what was done, or throws an Error that says what to do instead. */
export async function runUserCommand(
  accounts: Accounts,
  words: readonly string[],
  options: { readonly name?: string; readonly role?: string },
  now: number,
): Promise<string> {
  const [command, login = ''] = words;
  switch (command) {
    case 'list':
      return (await accounts.users()).map(lineOf).join('\n') || 'There is nobody yet.';
    case 'add': {
      const given = createUserRequest.safeParse({ login, ...options });
      if (!given.success) throw new Error(`${problemsOf(given.error.issues)}\n${USAGE}`);
      const { user, password } = await addUser(accounts, given.data, now).catch(loginTaken);
      return `${user.login} may sign in with the password ${password} and then chooses a new one.`;
    }
    case 'disable':
    case 'enable': {
      const user = await known(accounts, login);
      const enabled = command === 'enable';
      await accounts.saveUser({ ...user, enabled }, auditOf(user, `${command}d`, now));
      if (!enabled) await accounts.deleteSessionsOf(user.id);
      return `${user.login} is ${command}d.`;
    }
    case 'role': {
      const user = await known(accounts, login);
      const { role } = createUserRequest.shape;
      const given = role.safeParse(options.role);
      if (!given.success) throw new Error(USAGE);
      const after = { ...user, role: given.data };
      const values = { from: userSummary(user), to: userSummary(after) };
      await accounts.saveUser(after, { ...auditOf(user, 'changed', now), ...values });
      if (given.data !== user.role) await accounts.deleteSessionsOf(user.id);
      return `${user.login} is ${given.data} now.`;
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

function lineOf({ login, role, name, enabled }: User): string {
  return `${login.padEnd(20)} ${role.padEnd(10)} ${enabled ? '' : 'DISABLED '}${name}`;
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
    console.log(await runUserCommand(storage.accounts, positionals, options, Date.now()));
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
