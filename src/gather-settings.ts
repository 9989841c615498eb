/**
 * Settings as texts: from the environment and from the JSON file it may name. The environment wins.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

export const FILE_VARIABLE = 'CADENCIA_CONFIG_FILE';

export type Given = { readonly text: string; readonly where: string };

/** The text given for each of these settings, and its source. An unknown name is a problem. */
export function gather(
  environment: Environment,
  folder: string,
  names: readonly string[],
  problems: string[],
): Map<string, Given> {
  const given = new Map<string, Given>();
  const file = environment[FILE_VARIABLE];
  if (file) {
    for (const [name, value] of Object.entries(readSettingsFile(resolve(folder, file), problems))) {
      const text = textOf(value);
      if (!names.includes(name))
        problems.push(`"${name}" in ${file} is no setting: remove it or correct its name.`);
      else if (text === undefined)
        problems.push(
          `"${name}" in ${file} must be a text, a number, true, false or a list of texts.`,
        );
      else given.set(name, { text, where: `"${name}" in ${file}` });
    }
  }
  const nameOf = new Map(names.map((name) => [variableOf(name), name]));
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith('CADENCIA_') || variable === FILE_VARIABLE || !text) continue;
    const name = nameOf.get(variable);
    if (name) given.set(name, { text, where: variable });
    else problems.push(`${variable} is no setting: remove it or correct its name.`);
  }
  return given;
}

function readSettingsFile(file: string, problems: string[]): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    problems.push(`${file} must hold one JSON object with the settings.`);
  } catch (error) {
    problems.push(`${FILE_VARIABLE}: ${file} cannot be read (${(error as Error).message}).`);
  }
  return {};
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',');
  return undefined;
}

/** `webPort` → `CADENCIA_WEB_PORT`. */
export function variableOf(name: string): string {
  return `CADENCIA_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
