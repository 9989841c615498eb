import { expect, it } from 'vitest';
import type { ActivityKind, ShiftEnd } from '../../../src/domain/agents/agent-shift.ts';
import { PAUSE_MAX_MS } from '../../../src/domain/agents/pauses.ts';
import type { Approvable } from '../../../src/domain/approvals/approval.ts';
import type { HungUpBy } from '../../../src/domain/calls/call.ts';
import type { SettingValue } from '../../../src/domain/campaigns/settings.ts';
import type { PhoneStatus } from '../../../src/domain/debtors/phone.ts';
import { DISPOSITIONS } from '../../../src/domain/dispositions/catalog.ts';
import type { FactBody } from '../../../src/domain/facts.ts';
import type { AttemptOutcome, HoldReason } from '../../../src/domain/leads/lead.ts';
import type { PacingMode, PacingReason } from '../../../src/domain/pacing/pacer.ts';
import type { CommandRefusal } from '../../../src/engine/commands.ts';
import type { ProblemCode } from '../../../src/http/errors.ts';
import { codeTexts } from '../../../src/web/i18n/code-texts.ts';
import { refusalCodeOf, resultWords } from '../../../src/web/i18n/codes.ts';
import { logTexts } from '../../../src/web/i18n/log-texts.ts';
import { startTestTexts } from './start-texts.ts';

/**
 * Every code the server may send has words here. The lists are total by their types: a new code of the
 * domain does not compile until it stands in its list, and fails until it has words.
 */
type Total<Code extends string> = Readonly<Record<Code, true>>;

const OUTCOMES: Total<AttemptOutcome> = {
  person: true,
  machine: true,
  busy: true,
  'no-answer': true,
  'invalid-number': true,
  rejected: true,
  unwanted: true,
  congestion: true,
  'trunk-failed': true,
  'caller-id-refused': true,
  'spam-refused': true,
  cancelled: true,
  lost: true,
  forwarded: true,
  'media-failed': true,
  abandoned: true,
};
const HUNG_UP_BY: Total<HungUpBy> = { debtor: true, agent: true, us: true, network: true };
const ACTIVITIES: Total<ActivityKind> = {
  preparing: true,
  available: true,
  reserved: true,
  talking: true,
  'wrapping-up': true,
  undisposed: true,
  paused: true,
  ended: true,
};
const CAMPAIGN_STATES: Total<SettingValue<'state'>> = {
  running: true,
  paused: true,
  stopped: true,
};
const MODES: Total<PacingMode> = {
  predictive: true,
  ratio: true,
  progressive: true,
  preview: true,
};
const PHONE_STATUSES: Total<PhoneStatus> = {
  unknown: true,
  confirmed: true,
  'third-party': true,
  wrong: true,
  'invalid-suspected': true,
  invalid: true,
};
const HOLDS: Total<HoldReason> = {
  'simulated-trunks-only': true,
  'unknown-place': true,
  'outside-calling-hours': true,
  holiday: true,
  'phone-wrong': true,
  'phone-invalid': true,
  'phone-unwanted': true,
  'do-not-call': true,
  'already-in-call': true,
  'contacts-person-day': true,
  'attempts-person-day': true,
  'attempts-phone-day': true,
  'attempts-person-7-days': true,
  'attempts-person-month': true,
  'gap-phone': true,
  'gap-person': true,
  'gap-after-busy': true,
  'right-party-contact-today': true,
  'redial-after-abandonment': true,
  'caller-id-not-owned': true,
  'caller-id-inactive': true,
  'caller-id-expired': true,
  'caller-id-mobile': true,
  'caller-id-not-on-trunk': true,
  'caller-id-resting': true,
  'ring-time': true,
  'retry-delay': true,
  callback: true,
  promise: true,
  agreement: true,
  'claims-paid': true,
  'debt-held': true,
  disposition: true,
  mistake: true,
};
const PLANS: Total<PacingReason['kind'] | 'disk-full' | 'store-held-up' | 'mistake'> = {
  mistake: true,
  'disk-full': true,
  'store-held-up': true,
  'no-agents': true,
  'no-agent-free': true,
  'mode-does-not-dial': true,
  'enough-on-the-way': true,
  'one-to-one': true,
  ratio: true,
  'abandonment-over-cap': true,
  learning: true,
  'risk-accepted': true,
  'risk-too-high': true,
  'carrier-failing': true,
  'lines-per-agent-min': true,
  'turn-of-others': true,
  capped: true,
};
/** Not shown: too many, or for the machine only. */
type Silent =
  | 'call-ringing'
  | 'call-early-media'
  | 'call-greeting-ended'
  | 'call-assigned'
  | 'screening-over'
  | 'lead-planned'
  | 'right-party-asked'
  | 'screen-changed'
  | 'headset-changed';
const FACTS: Total<Exclude<FactBody['kind'], Silent>> = {
  'call-placed': true,
  'call-cancelled': true,
  'call-answered': true,
  'call-screened': true,
  'call-unassigned': true,
  'call-connected': true,
  'call-stranded': true,
  'call-abandoned': true,
  'call-hung-up-waiting': true,
  'message-asked': true,
  'message-replaced': true,
  'call-ended': true,
  'call-proved-machine': true,
  'activity-changed': true,
  'pause-asked': true,
  'pause-taken-back': true,
  'rest-planned': true,
  'rest-taken-back': true,
  'sign-out-asked': true,
  'sign-out-taken-back': true,
  'shift-began': true,
  'shift-ended': true,
  'third-party-presumed': true,
  'right-party-confirmed': true,
  'right-party-withdrawn': true,
  'disposition-recorded': true,
  'disposition-missing': true,
  'phone-status-changed': true,
  'campaign-changed': true,
  'campaign-assigned': true,
  'telephony-lost': true,
  'telephony-back': true,
  'trunk-suspended': true,
  'caller-id-rests': true,
  'phone-unwanted': true,
  'abandonment-alarm': true,
  'abandonment-cap-reached': true,
  'abandonment-cap-left': true,
  'abandonment-recovered': true,
  'approval-asked': true,
  'approval-approved': true,
  'approval-refused': true,
  'approval-withdrawn': true,
  'approval-expired': true,
  'server-started': true,
};
const COMMAND_REFUSALS: Total<CommandRefusal> = {
  'not-yours': true,
  'unknown-campaign': true,
  'unknown-block': true,
  'unknown-agent': true,
  'no-shift': true,
  'not-now': true,
  'asked-by-supervisor': true,
  'not-your-call': true,
  'headset-not-ready': true,
  'unknown-disposition': true,
  'right-party-needed': true,
  'right-party-confirmed': true,
  'not-connected': true,
  'call-over': true,
  'already-disposed': true,
  'answered-by-machine': true,
  'third-party-call': true,
  'evidence-incomplete': true,
  'evidence-wrong': true,
  'draft-stale': true,
  'speaker-needed': true,
  'known-voice-not-allowed': true,
  'reason-too-short': true,
  'form-needed': true,
  'form-invalid': true,
  'settings-stale': true,
  'rest-out-of-reach': true,
  'nothing-to-change': true,
  'approval-needed': true,
  'approval-not-needed': true,
  'approval-asked-already': true,
  'approval-over': true,
  'own-request': true,
  'not-own-request': true,
  'approval-reason-needed': true,
  'asker-lost-right': true,
  'ground-changed': true,
  'server-busy': true,
  'store-held-up': true,
  mistake: true,
  'server-draining': true,
};
/** Only programs meet these. */
type ForPrograms = 'token-invalid' | 'token-lacks-scope' | 'idempotency-conflict' | 'too-many-rows';
const PROBLEMS: Total<Exclude<ProblemCode, ForPrograms>> = {
  ...COMMAND_REFUSALS,
  'disk-full': true,
  'malformed-request': true,
  'unsupported-media-type': true,
  'too-large': true,
  'too-slow': true,
  'too-many-requests': true,
  'not-signed-in': true,
  'wrong-credentials': true,
  'wrong-password': true,
  'password-change-needed': true,
  'role-not-allowed': true,
  'foreign-origin': true,
  'not-found': true,
  'unknown-user': true,
  'unknown-list': true,
  'unknown-token': true,
  'debtor-phone-closed': true,
  'unknown-creditor': true,
  'login-taken': true,
  'not-yourself': true,
  'password-unchanged': true,
  'password-too-short': true,
  'password-common': true,
  'password-personal': true,
  'file-empty': true,
  'file-binary': true,
  'file-spreadsheet': true,
  'file-too-large': true,
  'header-missing': true,
  'file-garbled': true,
  'columns-ambiguous': true,
  'columns-area-code': true,
  'columns-one-document': true,
  'columns-unknown': true,
};

const APPROVABLE: Total<Approvable['kind']> = { 'release-unwanted': true };

const SHIFT_ENDS: Total<ShiftEnd> = {
  'signed-out': true,
  'signed-out-by-supervisor': true,
  absent: true,
  disabled: true,
};

it.each([
  ['approvable', APPROVABLE],
  ['shiftEnd', SHIFT_ENDS],
  ['outcome', OUTCOMES],
  ['hungUpBy', HUNG_UP_BY],
  ['hungUpLog', HUNG_UP_BY],
  ['activity', ACTIVITIES],
  ['campaignState', CAMPAIGN_STATES],
  ['mode', MODES],
  ['phoneStatus', PHONE_STATUSES],
  ['hold', HOLDS],
  ['plan', PLANS],
  ['problem', PROBLEMS],
  ['pause', PAUSE_MAX_MS],
] as const)('has words for every %s', (group, codes) => {
  const words = Object.keys(codeTexts.portuguese[group]);
  expect(Object.keys(codes).filter((code) => !words.includes(code))).toEqual([]);
});

it('has a sentence for every fact of the live log', () => {
  const sentences = Object.keys(logTexts.portuguese);
  expect(Object.keys(FACTS).filter((kind) => !sentences.includes(kind))).toEqual([]);
});

it('calls every disposition by the name which the catalog gives it', async () => {
  for (const language of ['pt-BR', 'en'] as const) {
    await startTestTexts(language);
    for (const one of DISPOSITIONS.filter(({ setBy }) => setBy === 'agent')) {
      expect(resultWords(one.code)).toBe(one.label[language]);
    }
  }
});

it('shows a code without words as it is', async () => {
  await startTestTexts('en');
  expect(resultWords('Mensagem lida')).toBe('Mensagem lida');
});

it('names the problem of a form if it has words, otherwise that there is one', async () => {
  await startTestTexts('en');
  const of = (code: string, detail: string) => refusalCodeOf({ code, detail });
  expect(of('form-invalid', 'promise-date-past')).toBe('promise-date-past');
  expect(of('form-invalid', 'Lines are whole numbers.')).toBe('form-invalid');
  expect(of('not-now', 'promise-date-past')).toBe('not-now');
});
