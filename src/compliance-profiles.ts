import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ComplianceProfile, parseProfile } from './domain/compliance/profile.ts';

/**
 * Reads every profile of the folder. A file with a problem stops the start: dialing under half a
 * profile is worse than not dialing.
 *
 * @throws Error that names the file and lists its problems.
 */
export function readProfiles(folder: string): ReadonlyMap<string, ComplianceProfile> {
  const profiles = new Map<string, ComplianceProfile>();
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
    const file = join(folder, name);
    const parsed = parseProfile(parseJson(file));
    if (!parsed.ok) throw new Error(`${file}:\n  - ${parsed.problems.join('\n  - ')}`);
    if (profiles.has(parsed.profile.id)) {
      throw new Error(`${file}: the id ${parsed.profile.id} is used by another file`);
    }
    profiles.set(parsed.profile.id, parsed.profile);
  }
  if (profiles.size === 0) throw new Error(`${folder} holds no compliance profile (*.json)`);
  return profiles;
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
}
