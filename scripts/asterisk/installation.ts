/** What is needed to start an Asterisk, from any source. */
export type AsteriskInstallation = {
  /** For example `22.10.1`. */
  readonly version: string;
  readonly origin: 'path' | 'private';
  /** The program and its first parameters; Asterisk's own options follow. */
  readonly command: readonly [string, ...string[]];
  readonly modulesDirectory: string;
  /** Holds `documentation/`, without which modules refuse to load, and `rest-api/`. */
  readonly dataDirectory: string;
};

/**
 * 22.10.1 has 20 security fixes, some in ARI, and 22.10.0's fixes of three deadlocks that affect
 * ARI dialers.
 */
export const OLDEST_VERSION = '22.10.1';

/** Whether a version is of the same major line and not older than {@link OLDEST_VERSION}. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0, oldestPatch = 0] = OLDEST_VERSION.split('.').map(Number);
  if (major !== oldestMajor) return false;
  return minor > oldestMinor || (minor === oldestMinor && patch >= oldestPatch);
}
