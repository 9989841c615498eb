/**
 * Renders the PBX's configuration: `{{name}}` in a file of `asterisk/` becomes a value. A name
 * without a value fails, and so does a value without a place, so that a template and its caller
 * stay in step.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A list becomes one line per entry. */
export type TemplateValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * Writes every file of the template folders, filled in, into `toDirectory`. A file of a later folder
 * replaces the one of the same name in an earlier folder. Files are readable by their owner only,
 * because some hold passwords.
 *
 * @throws Error when a template needs a missing value, when a value is unused, or when a value
 * holds a character that means something to Asterisk's parser.
 */
export async function configureAsterisk(
  templateDirectories: readonly string[],
  toDirectory: string,
  values: TemplateValues,
): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    for (const line of [value].flat()) refuseUnsafe(name, line);
  }
  await mkdir(toDirectory, { recursive: true, mode: 0o700 });
  const used = new Set<string>();
  for (const directory of templateDirectories) {
    for (const file of await readdir(directory)) {
      const template = await readFile(join(directory, file), 'utf8');
      const text = fill(template, values, join(directory, file), used);
      await writeFile(join(toDirectory, file), text, { mode: 0o600 });
    }
  }
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) {
    throw new Error(`No template in ${templateDirectories.join(', ')} uses: ${unused.join(', ')}`);
  }
}

/** Replaces every `{{name}}`, noting the names in `used`. */
export function fill(
  template: string,
  values: TemplateValues,
  file: string,
  used: Set<string>,
): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file} asks for {{${name}}}, which has no value`);
    used.add(name);
    return [value].flat().join('\n');
  });
}

/** A semicolon opens a comment in Asterisk's files and a line break opens a new setting. */
function refuseUnsafe(name: string, value: string): void {
  if (/[;\r\n\0]/.test(value) || value.includes('{{')) {
    throw new Error(
      `The value of {{${name}}} holds a character that Asterisk's files do not allow`,
    );
  }
}
