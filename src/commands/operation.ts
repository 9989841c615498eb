import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readProfiles } from '../compliance-profiles.ts';
import { differences, settingsOf } from '../domain/campaigns/change-settings.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import { type AuditEntry, operatorId } from '../engine/ports/audit.ts';
import { unreachable } from '../lib/assert.ts';
import type { UserId } from '../lib/ids.ts';
import { formatPhone } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import { secretRandom } from '../secret-random.ts';
import { openStorage, type SetUpTransaction, type Storage } from '../storage/store.ts';
import { languageOfEnvironment } from '../words/language.ts';
import { type Language, sentenceOf } from '../words/say.ts';
import { DATABASE_DEFAULT, databaseOf, isThere } from './database.ts';
import { keysIfAny } from './key-ring.ts';
import { notesOfOperation, problemsOfOperation } from './operation-checks.ts';
import { type Problem, parseOperationFile } from './operation-file.ts';
import {
  type Change,
  changesOf,
  type Environment,
  type Item,
  type Operation,
  type Plan,
  planOperation,
  readOperation,
} from './operation-plan.ts';
import { fileOf } from './operation-show.ts';
import { operatingSystemUser } from './operator.ts';

/**
 * `npm run operation`: enters creditors, trunks, numbers and campaigns from a file into the
 * database, whether the dialer runs or not.
 */
const USAGE = `npm run operation -- <command>
  apply <file.json>     enters what the file describes; config/operation.example.json shows every field
  show                  what is entered
  show --json           the same as such a file, without passwords
  --database <file>     default: ${DATABASE_DEFAULT}
  --profiles <folder>   default: the folder of CADENCIA_COMPLIANCE_FOLDER, else config/compliance`;

export type ApplyOptions = {
  /** The file's text. */
  readonly text: string;
  readonly profiles: ReadonlyMap<string, ComplianceProfile>;
  /** Holds the passwords, under the names the file gives. */
  readonly environment: Environment;
  /** The operator, for the audit trail. */
  readonly operatingSystemUser: string;
  readonly now: EpochMs;
  /** Language of the problems; English when absent. */
  readonly language?: Language;
};

export type Applied = {
  readonly created: readonly string[];
  readonly changed: readonly { readonly id: string; readonly changes: readonly Change[] }[];
  readonly unchanged: readonly string[];
  /** Entries in the database that the file does not describe; they are left alone. */
  readonly others: readonly string[];
  readonly notes: readonly string[];
};

/** The file cannot be applied; nothing was written. The message lists every problem. */
export class OperationRefused extends Error {
  override readonly name = 'OperationRefused';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], language: Language) {
    const lines = problems.map(({ path, sentence }) => {
      const words = typeof sentence === 'string' ? sentence : sentenceOf(sentence, language);
      return `  ${path}: ${words}`;
    });
    super(`Nothing was written. ${problems.length} to put right:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Enters what the file describes, in one transaction. Applying it again changes nothing.
 *
 * @throws OperationRefused
 * @throws StoreError('commit-failed') when another process held the database too long.
 */
export async function applyOperation(storage: Storage, options: ApplyOptions): Promise<Applied> {
  const { text, environment, profiles } = options;
  const parsed = parseOperationFile(text);
  return storage.setUp(async (tx) => {
    const stored = await readOperation(tx);
    const plan = planOperation(parsed.file, stored, environment);
    const pathOfId = new Map(plan.items.map((item) => [item.after.id as string, item.path]));
    const pathOf = (id: string) => pathOfId.get(id) ?? id;
    const { unreadableIds } = parsed;
    const check = { operation: plan.after, profiles, pathOf, unreadableIds };
    const problems = [
      ...parsed.problems,
      ...plan.problems,
      ...newProblems(
        problemsOfOperation({ ...check, operation: stored, pathOf: (id) => id }),
        problemsOfOperation(check),
      ),
    ];
    if (problems.length > 0) throw new OperationRefused(problems, options.language ?? 'en');
    const notes = notesOfOperation(check, campaignsOf(plan));
    return write(tx, plan, stored, notes, options);
  });
}

/** Drops problems that were there before, unless the file describes that entry. */
function newProblems(before: readonly Problem[], after: readonly Problem[]): readonly Problem[] {
  const known = new Set(before.map((problem) => JSON.stringify(problem)));
  return after.filter((problem) => !known.has(JSON.stringify(problem)));
}

function campaignsOf({ items }: Plan): readonly string[] {
  return items.flatMap(({ kind, after }) => (kind === 'campaign' ? [after.id] : []));
}

async function write(
  tx: SetUpTransaction,
  plan: Plan,
  stored: Operation,
  notes: readonly string[],
  { now, operatingSystemUser }: ApplyOptions,
): Promise<Applied> {
  const created: string[] = [];
  const changed: { id: string; changes: readonly Change[] }[] = [];
  const unchanged: string[] = [];
  const by = operatorId(operatingSystemUser);
  for (const item of plan.items) {
    const { id } = item.after;
    const changes = changesOf(item);
    if (item.before && changes.length === 0) {
      unchanged.push(id);
      continue;
    }
    await save(tx, item);
    if (item.kind === 'campaign') await keepVersion(tx, item, now, by);
    for (const entry of auditsOf(item, changes, now, by)) await tx.insertAudit(entry);
    if (item.before) changed.push({ id, changes });
    else created.push(id);
  }
  const described = new Set<string>(plan.items.map(({ after }) => after.id));
  const others = Object.values(stored).flatMap((things) => [...things.keys()]);
  return {
    created,
    changed,
    unchanged,
    others: others.filter((id) => !described.has(id)),
    notes: [...plan.notes, ...notes],
  };
}

/** The settings of a campaign as a version of theirs, where they are new. */
async function keepVersion(
  tx: SetUpTransaction,
  { before, after }: Extract<Item, { kind: 'campaign' }>,
  at: EpochMs,
  byUserId: UserId,
): Promise<void> {
  if (before && differences(before, after).length === 0) return;
  const of = { subject: 'campaign' as const, subjectId: after.id, at };
  const newest = await tx.newestSettingVersions('campaign');
  if (before && !newest.has(after.id)) {
    await tx.addSettingVersion({ ...of, settings: settingsOf(before) });
  }
  await tx.addSettingVersion({ ...of, byUserId, settings: settingsOf(after) });
}

async function save(tx: SetUpTransaction, item: Item): Promise<void> {
  switch (item.kind) {
    case 'legal-entity':
      return tx.saveLegalEntity(item.after);
    case 'creditor':
      return tx.saveCreditor(item.after);
    case 'portfolio':
      return tx.savePortfolio(item.after);
    case 'trunk':
      return tx.saveTrunk(item.after);
    case 'caller-id':
      return tx.saveCallerId(item.after);
    case 'campaign':
      return tx.saveCampaign(item.after);
    default:
      return unreachable(item);
  }
}

/** One entry for a new thing, one for each field that changed. */
function auditsOf(
  { kind, before, after }: Item,
  changes: readonly Change[],
  at: EpochMs,
  byUserId: UserId,
): readonly AuditEntry[] {
  const subject = { at, byUserId, subject: kind, subjectId: after.id };
  if (!before) {
    return [{ ...subject, change: 'created', to: 'number' in after ? after.number : after.name }];
  }
  return changes.map(({ field, from, to }) => ({ ...subject, change: field, from, to }));
}

// ── What is said ────────────────────────────────────────────────────────────────────────────────

const VALUE_LENGTH_MAX = 60;

export function reportOf({ created, changed, unchanged, others, notes }: Applied): string {
  const lines = [
    ...created.map((id) => `created    ${id}`),
    ...changed.flatMap(({ id, changes }) => [
      `changed    ${id}`,
      ...changes.map(
        ({ field, from, to }) => `             ${field}: ${short(from)} → ${short(to)}`,
      ),
    ]),
    ...unchanged.map((id) => `unchanged  ${id}`),
    ...others.map((id) => `left alone ${id} (not in the file)`),
    '',
    `${created.length} created, ${changed.length} changed, ${unchanged.length} unchanged.`,
    ...notes,
  ];
  if (created.length + changed.length > 0) {
    lines.push(
      'A dialer that is running reads this when it starts: restart the dialer, calls in progress go on.',
      'Until then change no campaign at the console: it would write back what it knew.',
    );
  }
  if (created.some((id) => id.startsWith('campaign_'))) {
    lines.push('New campaigns are stopped: a supervisor assigns agents and starts them.');
  }
  return lines.join('\n');
}

function short(value: string): string {
  const line = value.replaceAll('\n', ' ');
  if (line === '') return '(nothing)';
  return line.length > VALUE_LENGTH_MAX ? `${line.slice(0, VALUE_LENGTH_MAX)}…` : line;
}

export function listingOf(operation: Operation): string {
  const { legalEntities, creditors, portfolios, trunks, callerIds, campaigns } = operation;
  const lines = [
    ...section('Legal entities', legalEntities, ({ name, cnpj }) => `${name}, CNPJ ${cnpj}`),
    ...section('Creditors', creditors, ({ name, cnpj }) => `${name}, CNPJ ${cnpj}`),
    ...section('Portfolios', portfolios, ({ name, creditorId }) => `${name}, of ${creditorId}`),
    ...section(
      'Trunks',
      trunks,
      (one) =>
        `${one.enabled ? '' : 'DISABLED '}${one.simulated ? 'SIMULATED ' : ''}${one.name}, ${one.host}:${one.port}, ${one.channelsMax} channels, ${one.callsPerSecondMax} calls/s, of ${one.legalEntityId}`,
    ),
    ...section(
      'Caller IDs',
      callerIds,
      (one) =>
        `${one.status === 'active' ? '' : `${one.status.toUpperCase()} `}${formatPhone(one.number)} ${one.kind}, on ${one.trunkIds.join(' ') || 'no trunk'}`,
    ),
    ...section(
      'Campaigns',
      campaigns,
      ({ name, state, pacing, profileId }) =>
        `${state.toUpperCase()} ${name}, ${pacing.mode}, ${pacing.linesMax} lines, profile ${profileId}`,
    ),
  ];
  return lines.join('\n');
}

function section<Thing>(
  title: string,
  things: ReadonlyMap<string, Thing>,
  describe: (thing: Thing) => string,
): readonly string[] {
  const rows = [...things].map(([id, thing]) => `  ${id.padEnd(30)} ${describe(thing)}`);
  return [title, ...(rows.length === 0 ? ['  none'] : rows)];
}

// ── The command ─────────────────────────────────────────────────────────────────────────────────

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      database: { type: 'string' },
      profiles: { type: 'string' },
    },
  });
  const [command, file] = positionals;
  if (command === 'show') return show(values.database, values.json);
  if (command !== 'apply' || !file) throw new Error(USAGE);
  const text = readFileSync(file, 'utf8');
  const folder = values.profiles ?? (process.env.CADENCIA_COMPLIANCE_FOLDER || 'config/compliance');
  const profiles = readProfiles(folder);
  const storage = await openStorage({
    database: databaseOf(values.database),
    now: Date.now,
    random: secretRandom,
    ...keysIfAny(),
  });
  try {
    const applied = await applyOperation(storage, {
      text,
      profiles,
      environment: process.env,
      operatingSystemUser: operatingSystemUser(),
      now: Date.now(),
      language: languageOfEnvironment(process.env),
    });
    console.log(reportOf(applied));
  } finally {
    await storage.close();
  }
}

async function show(named: string | undefined, json: boolean): Promise<void> {
  const database = databaseOf(named);
  if (!isThere(database)) throw new Error(`There is no database ${database} yet: apply makes it.`);
  const storage = await openStorage({
    database,
    now: Date.now,
    random: secretRandom,
    ...keysIfAny(),
    readOnly: true,
  });
  try {
    const operation = await storage.store.read(readOperation);
    console.log(json ? JSON.stringify(fileOf(operation), null, 2) : listingOf(operation));
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
