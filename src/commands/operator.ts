import { userInfo } from 'node:os';

/** Name of who runs a command; in a container their id may have none. */
export function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `${process.getuid?.() ?? 'unknown'}`;
  }
}
