import type { DispositionContext } from '../../../src/domain/dispositions/disposition.ts';
import {
  beginNegotiation,
  type Negotiation,
  type NegotiationSignal,
  type NegotiationStep,
  stepNegotiation,
  type TypedDraft,
} from '../../../src/domain/negotiations/negotiation.ts';
import type { EvidenceSource } from '../../../src/domain/negotiations/right-party.ts';
import type { AgentId } from '../../../src/lib/ids.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts';

export const TALK_AT = Date.parse('2026-11-23T11:00:00-03:00');
export const AGENT: AgentId = 'user_1';

const RIGHT = { document: '529', 'birth-day': '0903' } as const;
const WRONG = { document: '111', 'birth-day': '0903' } as const;

const PERSON: EvidenceSource = {
  debtor: { document: '52998224725', birthDate: '1980-03-09', addresses: [] },
  contracts: [],
};

const CONTEXT: DispositionContext = {
  now: TALK_AT + MINUTE_MS,
  zone: 'America/Sao_Paulo',
  debtorId: 'debtor_1',
  phoneId: 'phone_1',
  phone: '+5511987654321',
  creditorId: 'creditor_1',
  promiseDaysMax: 30,
  owed: { centavos: 50_000 },
};

export const NEW = beginNegotiation({ kind: 'call', callId: 'call_1' });

type EvidenceTyped = Extract<NegotiationSignal, { kind: 'evidence-typed' }>;

export function typed(
  which: 'right' | 'wrong',
  change: Partial<EvidenceTyped> = {},
): EvidenceTyped {
  return {
    kind: 'evidence-typed',
    evidence: { by: 'answers', answers: which === 'right' ? RIGHT : WRONG },
    source: PERSON,
    moment: {
      call: {
        id: 'call_1',
        state: { kind: 'talking', since: TALK_AT, agentId: AGENT, bridgeId: 'bridge_1' },
        connectedAt: TALK_AT,
      },
      agentId: AGENT,
      activity: { kind: 'talking', since: TALK_AT, callId: 'call_1' },
    },
    knownVoiceAllowed: false,
    storedUpTo: 7,
    ...change,
  };
}

type Said = Extract<NegotiationSignal, { code: string }>;

export function said(code: string, change: Partial<Said> = {}): Said {
  return { kind: 'disposed', code, input: {}, context: CONTEXT, withdraws: false, ...change };
}

export function step(negotiation: Negotiation, signal: NegotiationSignal): NegotiationStep {
  return stepNegotiation(negotiation, signal, TALK_AT + 10 * SECOND_MS);
}

/** The negotiation after these signals, from its beginning. */
export function heard(...signals: readonly NegotiationSignal[]): Negotiation {
  return signals.reduce((one, signal) => step(one, signal).negotiation, NEW);
}

export function aDraft(revision = 1, change: Partial<TypedDraft> = {}): TypedDraft {
  return {
    revision,
    note: 'liga depois das 18h',
    form: {
      promiseValue: '12',
      confirmedValue: '',
      promiseDate: '',
      callbackDate: '',
      callbackHour: '',
    },
    ...change,
  };
}

export function draftTyped(
  revision: number,
  change: Partial<TypedDraft> = {},
  agentId: AgentId = AGENT,
): NegotiationSignal {
  return { kind: 'draft-typed', agentId, draft: aDraft(revision, change) };
}
