import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './run-command-line.ts';

/** Everything made at run time; git ignores it. */
export const RUNTIME_DIRECTORY = join(ROOT, '.cadencia');

/** What is random for each installation and stays the same between its starts. */
export type Installation = {
  readonly ariPassword: string;
  readonly debtorPassword: string;
  readonly secret: string;
  /** First passwords of the demonstration's users; whoever changed his knows the new one. */
  readonly passwords: Readonly<Record<string, string>>;
};

const FILE = join(RUNTIME_DIRECTORY, 'installation.json');

export function loadInstallation(logins: readonly string[]): Installation {
  const known: Partial<Installation> = existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, 'utf8')) as Installation)
    : {};
  const installation: Installation = {
    ariPassword: known.ariPassword ?? secret(),
    debtorPassword: known.debtorPassword ?? secret(),
    secret: known.secret ?? secret(),
    passwords: Object.fromEntries(
      logins.map((login) => [login, known.passwords?.[login] ?? readablePassword()]),
    ),
  };
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(installation, null, 2)}\n`, { mode: 0o600 });
  return installation;
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

/** Sixty random bits in letters that nobody confuses. */
function readablePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const picked = [...randomBytes(12)].map((byte) => letters.charAt(byte % letters.length)).join('');
  return `${picked.slice(0, 4)}-${picked.slice(4, 8)}-${picked.slice(8)}`;
}
