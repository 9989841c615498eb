import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ComplianceProfile, parseProfile } from './domain/compliance/profile.ts';
import { tightenProfile, wholeProfilesOwn } from './domain/compliance/tighten-profile.ts';

type Content = Readonly<Record<string, unknown>>;
type Read = { readonly content: Content; readonly profile: ComplianceProfile };

/**
 * Reads every profile of the folder, then those that tighten another. A file with a problem stops
 * the start: dialing under half a profile is worse than not dialing.
 *
 * @throws Error that names the file and lists its problems.
 */
export function readProfiles(folder: string): ReadonlyMap<string, ComplianceProfile> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ file: join(folder, name), content: parseJson(join(folder, name)) }));
  const whole = new Map<string, Read>();
  for (const { file, content } of files) {
    if (!('tightens' in content)) add(whole, file, { content, profile: parse(file, content) });
  }
  if (whole.size === 0) throw new Error(`${folder} holds no whole compliance profile (*.json)`);
  const all = new Map(whole);
  for (const { file, content } of files) {
    if ('tightens' in content) add(all, file, { content, profile: tighten(file, content, whole) });
  }
  return new Map([...all].map(([id, { profile }]) => [id, profile]));
}

function add(profiles: Map<string, Read>, file: string, read: Read): void {
  const { id } = read.profile;
  if (profiles.has(id)) throw new Error(`${file}: the id ${id} is used by another file`);
  profiles.set(id, read);
}

function parseJson(file: string): Content {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof content === 'object' && content !== null) return content as Content;
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
  throw new Error(`${file} is no profile`);
}

function parse(file: string, content: Content): ComplianceProfile {
  const parsed = parseProfile(content);
  if (!parsed.ok) throw new Error(`${file}:\n  - ${parsed.problems.join('\n  - ')}`);
  return parsed.profile;
}

/**
 * Completes a profile that tightens another. It has its own id and version, names a whole profile
 * in `tightens`, and holds only what it makes stricter. It is then read like a whole one, so
 * misspelt fields are reported the same way.
 */
function tighten(
  file: string,
  content: Content,
  whole: ReadonlyMap<string, Read>,
): ComplianceProfile {
  const { tightens, ...own } = content;
  const base = typeof tightens === 'string' ? whole.get(tightens) : undefined;
  if (!base) {
    throw new Error(
      `${file}: tightens ${JSON.stringify(tightens)}, which is no whole profile here`,
    );
  }
  const { id, version, ...wanted } = parse(file, completed(own, base.content));
  const named = new Set(Object.keys(partOf(own, 'regionOverrides')));
  const result = tightenProfile(base.profile, {
    ...wanted,
    regionOverrides: Object.fromEntries(
      Object.entries(wanted.regionOverrides).filter(([state]) => named.has(state)),
    ),
    holidays: {
      ...wanted.holidays,
      extraDays: 'extraDays' in partOf(own, 'holidays') ? wanted.holidays.extraDays : [],
    },
  });
  const problems = [
    ...wholeProfilesOwn(base.profile, wanted).map(
      (field) => `${field}: is for the whole profile to say`,
    ),
    ...(result.ok ? [] : result.refusals.map(({ field, because }) => `${field}: ${because}`)),
  ];
  if (!result.ok || problems.length > 0) {
    throw new Error(`${file} does not tighten ${base.profile.id}:\n  - ${problems.join('\n  - ')}`);
  }
  return { ...result.profile, id, version };
}

/** Fields that are absent come from the base, also within a part. */
function completed(own: Content, base: Content): Content {
  const parts = Object.keys(base).filter((key) => isPart(own[key]) && isPart(base[key]));
  return {
    ...base,
    ...own,
    ...Object.fromEntries(parts.map((key) => [key, { ...partOf(base, key), ...partOf(own, key) }])),
  };
}

function partOf(content: Content, key: string): Content {
  const part = content[key];
  return isPart(part) ? part : {};
}

function isPart(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
