import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-command-line.ts';

/** Default folder of everything made at run time; git ignores it. */
export const RUNTIME_DIRECTORY = join(ROOT, '.cadencia');

/** Random values of an installation that stay the same between starts. */
export type Installation = {
  readonly ariPassword: string;
  readonly debtorPassword: string;
  readonly secret: string;
  /** First passwords of the demonstration's users; later changes are not recorded here. */
  readonly passwords: Readonly<Record<string, string>>;
};

/** @throws Error with the file that cannot be read or written. */
export function loadInstallation(folder: string, logins: readonly string[]): Installation {
  const file = join(folder, 'installation.json');
  const known = existsSync(file) ? installationIn(file) : {};
  const installation: Installation = {
    ariPassword: known.ariPassword ?? secret(),
    debtorPassword: known.debtorPassword ?? secret(),
    secret: known.secret ?? secret(),
    passwords: Object.fromEntries(
      logins.map((login) => [login, known.passwords?.[login] ?? readablePassword()]),
    ),
  };
  const text = `${JSON.stringify(installation, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return installation;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Written under another name first, so that a full disk cannot leave an empty file in place of
  // the secrets.
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return installation;
}

function installationIn(file: string): Partial<Installation> {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text) as Installation;
  } catch {
    throw new Error(`${file} holds the secrets of this installation, and is damaged`);
  }
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

/** Sixty random bits in letters that cannot be confused. */
function readablePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const picked = [...randomBytes(12)].map((byte) => letters.charAt(byte % letters.length)).join('');
  return `${picked.slice(0, 4)}-${picked.slice(4, 8)}-${picked.slice(8)}`;
}
