/** The example of an operation's file, and what becomes of it in a database of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Applied, applyOperation } from '../../src/commands/operation.ts';
import { type Operation, readOperation } from '../../src/commands/operation-plan.ts';
import { readProfiles } from '../../src/compliance-profiles.ts';
import type { AuditEntry } from '../../src/engine/ports/audit.ts';
import { NOON, openTestStorage, type TestStorage } from '../support/store.ts';

export const ROOT = new URL('../..', import.meta.url).pathname;
export const EXAMPLE_FILE = join(ROOT, 'config/operation.example.json');
export const PASSWORD = 'unspoken-7Q';
export const profiles = readProfiles(join(ROOT, 'config/compliance'));

/** As JSON, so that a test may write what no type allows. */
// biome-ignore lint/suspicious/noExplicitAny: files hold anything
export type Content = Record<string, any>;

const exampleText = readFileSync(EXAMPLE_FILE, 'utf8');

/** A file's text, or what it holds; absent: the example. */
type Given = object | string | undefined;
type Environment = Readonly<Record<string, string>>;

export type Office = {
  readonly storage: TestStorage;
  apply(content?: Given, environment?: Environment): Promise<Applied>;
  /** The message of a refused apply; the test fails when it is not refused. */
  refusal(content?: Given, environment?: Environment): Promise<string>;
  stored(): Promise<Operation>;
  audits(): Promise<AuditEntry[]>;
};

export async function openOffice(): Promise<Office> {
  const storage = await openTestStorage();
  const apply: Office['apply'] = (
    content = exampleText,
    environment = { CARRIER_A_PASSWORD: PASSWORD },
  ) =>
    applyOperation(storage, {
      text: typeof content === 'string' ? content : JSON.stringify(content),
      profiles,
      environment,
      operatingSystemUser: 'Renata.P',
      now: NOON,
    });
  return {
    storage,
    apply,
    async refusal(content, environment) {
      const error: unknown = await apply(content, environment).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ name: 'OperationRefused' });
      return (error as Error).message;
    },
    stored: () => storage.store.read(readOperation),
    audits: () => storage.store.read((view) => view.auditEntries(1_000)),
  };
}

export function example(change: (content: Content) => void = () => {}): Content {
  const content = JSON.parse(exampleText) as Content;
  change(content);
  return content;
}

/** How many things of each section are there. */
export const sizes = (operation: Operation) => Object.values(operation).map(({ size }) => size);
