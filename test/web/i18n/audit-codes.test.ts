import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Item } from '../../../src/commands/operation-plan.ts';
import type { ApprovalFact } from '../../../src/domain/approvals/approval.ts';
import type { CampaignChange } from '../../../src/domain/campaigns/settings.ts';
import type { SupervisorCommand } from '../../../src/engine/commands.ts';
import type { AuditSubject } from '../../../src/engine/ports/audit.ts';
import type { ImportSource } from '../../../src/engine/ports/lists.ts';
import type { AuditEntryView } from '../../../src/protocol/admin.ts';
import { valueWords } from '../../../src/web/admin/audit-words.ts';
import { english, portuguese } from '../../../src/web/i18n/texts.ts';
import { startTestTexts } from './start-texts.ts';

/** Total by its type, as in `codes.test.ts`. */
type Total<Code extends string> = Readonly<Record<Code, true>>;

const SUBJECTS: Total<AuditSubject> = {
  session: true,
  user: true,
  token: true,
  list: true,
  debtor: true,
  block: true,
  campaign: true,
  agent: true,
  call: true,
  trunk: true,
  creditor: true,
  portfolio: true,
  'caller-id': true,
  'legal-entity': true,
  backup: true,
  'key-ring': true,
  approval: true,
};
const ORIGINS: Total<ImportSource['origin']> = {
  api: true,
  'csv-upload': true,
  'command-line': true,
  demo: true,
};
const SETTINGS: Total<keyof CampaignChange> = {
  state: true,
  mode: true,
  ratio: true,
  linesMax: true,
  linesPerAgentMax: true,
  linesPerAgentMin: true,
  cancelAfterRingingMs: true,
  ringTimeoutMs: true,
  restBetweenCallsMs: true,
  dispositionRequired: true,
  dispositionWaitMs: true,
  promiseDaysMax: true,
  abandonmentMessage: true,
  amd: true,
  amdSampleShare: true,
  knownVoiceAllowed: true,
};
/** A change of a campaign is a row for each setting; a review and a request say what was decided. */
type OwnRow = Exclude<
  SupervisorCommand['kind'],
  | 'change-campaign'
  | 'assign-agent'
  | 'review-unwanted'
  | 'ask-approval'
  | 'decide-approval'
  | 'withdraw-approval'
>;
const COMMANDS: Total<OwnRow> = {
  'pause-agent': true,
  'plan-agent-rest': true,
  'sign-out-agent': true,
  'take-back-from-agent': true,
  'correct-disposition': true,
  'give-back-call': true,
};
/** Each state that a request for an approval comes to is a row. */
const APPROVALS: Total<ApprovalFact['kind']> = {
  'approval-asked': true,
  'approval-approved': true,
  'approval-refused': true,
  'approval-withdrawn': true,
  'approval-expired': true,
};
type FieldsOf<Thing> = Thing extends object ? Exclude<keyof Thing & string, 'id'> : never;
/** What an operation file changes; the two halves of a trunk's authentication are rows of their own. */
const OPERATION: Total<Exclude<FieldsOf<Item['after']>, 'authentication' | keyof CampaignChange>> =
  {
    name: true,
    portfolioId: true,
    creditorIds: true,
    creditorId: true,
    cnpj: true,
    legalEntityId: true,
    profileId: true,
    pacing: true,
    retryRules: true,
    fallbackCallerIdId: true,
    script: true,
    wrapUpMs: true,
    dispositionIds: true,
    weight: true,
    carrier: true,
    simulated: true,
    enabled: true,
    host: true,
    port: true,
    matchAddresses: true,
    registers: true,
    numberFormat: true,
    callerIdHeader: true,
    fromDomain: true,
    channelsMax: true,
    callsPerSecondMax: true,
    causeOverrides: true,
    readsReason: true,
    number: true,
    holderEntityId: true,
    kind: true,
    areaCode: true,
    trunkIds: true,
    stationBound: true,
    validFrom: true,
    validTo: true,
    status: true,
  };

/** Codes written out where rows are made: no type holds them all. */
const WRITERS = [
  'engine/run-command.ts',
  'engine/review-unwanted.ts',
  'engine/change-campaign.ts',
  'engine/confirm-right-party.ts',
  'engine/correct-call.ts',
  'engine/ports/audit.ts',
  'http/audit-trail.ts',
  'http/routes/session.ts',
  'http/routes/tokens.ts',
  'http/routes/users.ts',
  'http/sessions.ts',
  'jobs/back-ups.ts',
  'storage/audit.ts',
];

/** Names of fields, and the subject of a lock, on the same lines. */
const NO_CODES = ['address', 'change'];

function writtenCodes(): readonly string[] {
  const src = fileURLToPath(new URL('../../../src', import.meta.url));
  const lines = WRITERS.flatMap((file) => readFileSync(join(src, file), 'utf8').split('\n'));
  return lines
    .filter((line) => /\bchange[:?]|\baudit\(/.test(line))
    .flatMap((line) => [...line.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g)].map((match) => match[1] ?? ''))
    .filter((word) => !(word in SUBJECTS) && !NO_CODES.includes(word));
}

const row = (given: Partial<AuditEntryView>): AuditEntryView => ({
  ...{ id: 1, at: 1, by: { kind: 'person', name: 'Ana' }, address: null, subject: 'user' },
  ...{
    subjectId: 'user_1',
    subjectName: null,
    change: 'created',
    from: null,
    to: null,
    because: null,
    ...given,
  },
});

const CHANGES = [
  ...Object.keys({ ...SETTINGS, ...COMMANDS, ...APPROVALS, ...OPERATION }),
  ...['authentication.username', 'authentication.password'],
  ...writtenCodes(),
];

it('calls every change by words in both languages', () => {
  expect(writtenCodes().length).toBeGreaterThan(15);
  for (const { codes } of [portuguese, english]) {
    const words = { ...codes.change, ...codes.audit };
    expect(CHANGES.filter((change) => !Object.hasOwn(words, change))).toEqual([]);
  }
});

it('calls every subject, and every origin of a list, by words in both languages', () => {
  for (const { admin } of [portuguese, english]) {
    expect(Object.keys(admin.audit.subjects).sort()).toEqual(Object.keys(SUBJECTS).sort());
    expect(Object.keys(admin.lists.origins).sort()).toEqual(Object.keys(ORIGINS).sort());
  }
});

it.each(['pt-BR', 'en'] as const)(
  'says what a supervisor recorded or took back by words, in %s',
  async (language) => {
    await startTestTexts(language);
    const recorded = row({ change: 'correct-disposition', to: 'wrong-number' });
    expect(valueWords(recorded).to).not.toContain('wrong-number');
    const takenBack = row({ change: 'take-back-from-agent', from: 'sign-out' });
    expect(valueWords(takenBack).from).not.toContain('sign-out');
  },
);
