/**
 * Decides whether an agent may say now that the right person is on the line (CPC), and whether what
 * the person said proves it. A debt is not revealed to third parties (CDC art. 42), so nothing of
 * it is shown before.
 *
 * - The moment: an answered call of this agent that is still on the line; or one that the debtor ended
 *   at most half a minute ago and that is in its wrap-up. No disposition yet, and no machine.
 * - The evidence: the agent asks, the person says, the agent types, and the server compares. What may be
 *   asked is what the creditor sent and the screen hides. The answer is right or wrong as a whole:
 *   otherwise a guess could be improved part by part. After three misses the call is with a third party.
 */
import { unreachable } from '../../lib/assert.ts';
import { parsePostalCode } from '../../lib/br-postal-code.ts';
import type { AgentId } from '../../lib/ids.ts';
import { type DurationMs, dayOf, type EpochMs, SECOND_MS } from '../../lib/time.ts';
import type { Activity } from '../agents/shift.ts';
import type { Call } from '../calls/call.ts';
import type { Contract } from '../debtors/debt.ts';
import type { Debtor } from '../debtors/debtor.ts';

/** Time after the debtor ended the call in which the agent may still write down what was said. */
export const CONFIRM_AFTER_END_MAX_MS: DurationMs = 30 * SECOND_MS;
export const EVIDENCE_ATTEMPTS_MAX = 3;
/** Of the three items for a person. */
const PERSON_ITEMS_NEEDED = 2;
const COMPANY_ITEMS_NEEDED = 1;
/** Enough letters to say how the agent knows the voice. */
export const KNOWN_VOICE_REASON_MIN = 15;
export const SPEAKER_TEXT_MIN = 2;
const CONTRACT_DIGITS = 4;

/**
 * An item for which a person can be asked. `document`: the first three digits of the CPF, which the
 * masked document hides. `birth-day`: day and month. `postal-code`: CEP. `contract`: the last four
 * places of a contract's number, for companies only. A company's CNPJ and address are public, and
 * the contract's number is the only thing from the creditor that reveals neither an amount nor a
 * date.
 */
export type EvidenceItem = 'document' | 'birth-day' | 'postal-code' | 'contract';

const PERSON_ITEMS: readonly EvidenceItem[] = ['document', 'birth-day', 'postal-code'];
const COMPANY_ITEMS: readonly EvidenceItem[] = ['contract'];

/** The person who speaks for a company. */
export type Speaker = { readonly name: string; readonly role: string };

export type TypedEvidence = (
  | { readonly by: 'answers'; readonly answers: Readonly<Partial<Record<EvidenceItem, string>>> }
  /** The agent knows the voice and says how; allowed only when the campaign says so. */
  | { readonly by: 'known-voice'; readonly reason: string }
) & { readonly speaker?: Speaker };

/** The data to compare with. It never leaves the server before the person has said it. */
export type EvidenceSource = {
  readonly debtor: Pick<Debtor, 'document' | 'birthDate' | 'addresses'>;
  readonly contracts: readonly Pick<Contract, 'number'>[];
};

/** The items that the agent may ask for, without the right answers. */
export type Challenge = {
  readonly party: 'person' | 'company';
  readonly items: readonly EvidenceItem[];
  /** Items that the creditor did not send. */
  readonly missing: readonly EvidenceItem[];
  /** The least number of items that must be typed. */
  readonly needed: number;
};

export type RightPartyMoment = {
  readonly call: Pick<
    Call,
    'id' | 'state' | 'connectedAt' | 'hangUpIntent' | 'screened' | 'screening'
  >;
  readonly agentId: AgentId;
  /** What the agent does now. */
  readonly activity: Activity;
  readonly isDisposed: boolean;
  /** Wrong answers in this call so far. */
  readonly misses: number;
  readonly now: EpochMs;
};

export type MomentRefusal =
  | 'not-connected'
  | 'call-over'
  | 'already-disposed'
  | 'answered-by-machine'
  | 'third-party-call';

export type EvidenceRefusal =
  /** Too few items, an item that was not asked for, or an impossible value (a 31st of February). */
  'evidence-incomplete' | 'speaker-needed' | 'known-voice-not-allowed' | 'reason-too-short';

export type MayConfirm =
  /**
   * `until`: the end of the time for recording it after the debtor hung up; absent while the call
   * lasts.
   */
  | { readonly may: true; readonly until?: EpochMs }
  | { readonly may: false; readonly reason: MomentRefusal };

export type RightPartyDecision =
  | {
      readonly kind: 'confirmed';
      readonly by: TypedEvidence['by'];
      readonly items: readonly EvidenceItem[];
    }
  | {
      readonly kind: 'missed';
      readonly items: readonly EvidenceItem[];
      /** 1 to {@link EVIDENCE_ATTEMPTS_MAX}. */
      readonly attempt: number;
      /** Whether it was the last attempt: the speaker then counts as somebody else. */
      readonly isThirdParty: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: MomentRefusal | EvidenceRefusal };

/** Decides one try of an agent. A refusal is not an attempt. */
export function decideRightParty(
  moment: RightPartyMoment,
  typed: TypedEvidence,
  source: EvidenceSource,
  terms: { readonly knownVoiceAllowed: boolean },
): RightPartyDecision {
  const may = mayConfirm(moment);
  if (!may.may) return { kind: 'refused', reason: may.reason };
  const challenge = challengeOf(source);
  if (challenge.party === 'company' && !isSpeaker(typed.speaker)) {
    return { kind: 'refused', reason: 'speaker-needed' };
  }
  if (typed.by === 'known-voice') return decideKnownVoice(typed.reason, terms);
  const answers = readAnswers(typed.answers, challenge);
  if (!answers) return { kind: 'refused', reason: 'evidence-incomplete' };
  const items = [...answers.keys()];
  if (areRight(answers, source)) return { kind: 'confirmed', by: 'answers', items };
  const attempt = moment.misses + 1;
  return { kind: 'missed', items, attempt, isThirdParty: attempt >= EVIDENCE_ATTEMPTS_MAX };
}

/** Whether there is somebody to confirm, and time left to do so. */
export function mayConfirm(moment: RightPartyMoment): MayConfirm {
  const { call, isDisposed, misses } = moment;
  if (call.connectedAt === undefined) return no('not-connected');
  if (isMachine(call)) return no('answered-by-machine');
  if (isDisposed) return no('already-disposed');
  if (misses >= EVIDENCE_ATTEMPTS_MAX) return no('third-party-call');
  if (isOnTheLine(moment)) return { may: true };
  const until = recordableUntil(moment);
  return until !== undefined && moment.now <= until ? { may: true, until } : no('call-over');
}

/** What this debtor may be asked. */
export function challengeOf(source: EvidenceSource): Challenge {
  const isCompany = source.debtor.document?.length === 14;
  const all = isCompany ? COMPANY_ITEMS : PERSON_ITEMS;
  const isThere = (item: EvidenceItem): boolean => rightAnswers(item, source).length > 0;
  return {
    party: isCompany ? 'company' : 'person',
    items: all.filter(isThere),
    missing: all.filter((item) => !isThere(item)),
    needed: isCompany ? COMPANY_ITEMS_NEEDED : PERSON_ITEMS_NEEDED,
  };
}

function no(reason: MomentRefusal): MayConfirm {
  return { may: false, reason };
}

/** A call connected to check a machine verdict may be a person after all. */
function isMachine({
  state,
  hangUpIntent,
  screened,
  screening,
}: RightPartyMoment['call']): boolean {
  if (hangUpIntent === 'machine') return true;
  if (state.kind === 'ended' && state.outcome === 'machine') return true;
  return screened?.verdict === 'machine' && screening?.sampled !== true;
}

/** Whether the call is this agent's and nobody has asked for its end. */
function isOnTheLine({ call, agentId }: RightPartyMoment): boolean {
  const { state, hangUpIntent } = call;
  if (hangUpIntent !== undefined) return false;
  const isHeld =
    state.kind === 'talking' || state.kind === 'stranded' || state.kind === 'connecting';
  return isHeld && state.agentId === agentId;
}

/** The debtor hung up: what they said before may still be written down, in this call's wrap-up. */
function recordableUntil({ call, activity }: RightPartyMoment): EpochMs | undefined {
  const { state } = call;
  if (state.kind !== 'ended' || state.hungUpBy !== 'debtor') return undefined;
  if (activity.kind !== 'wrapping-up' || activity.callId !== call.id) return undefined;
  // If nobody saw the end, the time runs from its earliest possible moment, so it is never more
  // than half a minute.
  return (state.notBefore ?? state.at) + CONFIRM_AFTER_END_MAX_MS;
}

function decideKnownVoice(
  reason: string,
  { knownVoiceAllowed }: { readonly knownVoiceAllowed: boolean },
): RightPartyDecision {
  if (!knownVoiceAllowed) return { kind: 'refused', reason: 'known-voice-not-allowed' };
  if (reason.trim().length < KNOWN_VOICE_REASON_MIN) {
    return { kind: 'refused', reason: 'reason-too-short' };
  }
  return { kind: 'confirmed', by: 'known-voice', items: [] };
}

function isSpeaker(speaker: Speaker | undefined): boolean {
  return (
    speaker !== undefined &&
    speaker.name.trim().length >= SPEAKER_TEXT_MIN &&
    speaker.role.trim().length >= SPEAKER_TEXT_MIN
  );
}

/** The typed answers, made comparable; undefined when they are not an attempt. */
function readAnswers(
  typed: Readonly<Partial<Record<EvidenceItem, string>>>,
  { items, needed }: Challenge,
): ReadonlyMap<EvidenceItem, string> | undefined {
  const answers = new Map<EvidenceItem, string>();
  for (const [item, text] of Object.entries(typed) as [EvidenceItem, string][]) {
    if (text.trim() === '') continue;
    const answer = items.includes(item) ? readAnswer(item, text) : undefined;
    if (answer === undefined) return undefined;
    answers.set(item, answer);
  }
  return answers.size >= needed ? answers : undefined;
}

function readAnswer(item: EvidenceItem, text: string): string | undefined {
  switch (item) {
    case 'document':
      return /^\d{3}$/.exec(text.trim())?.[0];
    case 'birth-day':
      return readDayAndMonth(text);
    case 'postal-code':
      return parsePostalCode(text)?.digits;
    case 'contract': {
      const bare = bareNumber(text);
      return bare.length === CONTRACT_DIGITS ? bare : undefined;
    }
    default:
      return unreachable(item);
  }
}

/** A leap year, because somebody may be born on 29 February. */
const LEAP_YEAR = 2000;

/** `17/03`, `17.3`, `1703` → `1703`. */
function readDayAndMonth(text: string): string | undefined {
  const parts = /^(\d{2})(\d{2})$|^(\d{1,2})[\s/.-](\d{1,2})$/.exec(text.trim());
  if (!parts) return undefined;
  const day = Number(parts[1] ?? parts[3]);
  const month = Number(parts[2] ?? parts[4]);
  if (dayOf(LEAP_YEAR, month, day) === undefined) return undefined;
  return `${String(day).padStart(2, '0')}${String(month).padStart(2, '0')}`;
}

function areRight(answers: ReadonlyMap<EvidenceItem, string>, source: EvidenceSource): boolean {
  let wrong = 0;
  // All answers are compared, whatever the first result: the time it takes reveals nothing.
  for (const [item, answer] of answers) {
    wrong += isAmong(answer, rightAnswers(item, source)) ? 0 : 1;
  }
  return wrong === 0;
}

/** The right answers for an item; a debtor with two addresses may give either CEP. */
function rightAnswers(item: EvidenceItem, { debtor, contracts }: EvidenceSource): string[] {
  switch (item) {
    case 'document':
      return debtor.document?.length === 11 ? [debtor.document.slice(0, 3)] : [];
    case 'birth-day': {
      const date = /^\d{4}-(\d{2})-(\d{2})$/.exec(debtor.birthDate ?? '');
      return date ? [`${date[2]}${date[1]}`] : [];
    }
    case 'postal-code':
      return debtor.addresses.flatMap(
        ({ postalCode }) => parsePostalCode(postalCode ?? '')?.digits ?? [],
      );
    case 'contract':
      return contracts
        .map(({ number }) => bareNumber(number).slice(-CONTRACT_DIGITS))
        .filter((last) => last.length === CONTRACT_DIGITS);
    default:
      return unreachable(item);
  }
}

function bareNumber(text: string): string {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, '');
}

function isAmong(answer: string, right: readonly string[]): boolean {
  let found = 0;
  for (const one of right) found += isSame(answer, one) ? 1 : 0;
  return found > 0;
}

/** Compares every place, wherever the first difference is. */
function isSame(one: string, other: string): boolean {
  let different = one.length ^ other.length;
  for (let place = 0; place < one.length; place += 1) {
    different |= one.charCodeAt(place) ^ other.charCodeAt(place);
  }
  return different === 0;
}
