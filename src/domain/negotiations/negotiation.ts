/**
 * A negotiation: one conversation with one debtor about what a creditor is owed. It stands beside the
 * call, which knows legs and agents; who was spoken to, what the agent types and what came of it are
 * known here.
 *
 *   right party   unconfirmed ──right evidence──▶ confirmed
 *                      ▲                              │
 *                      └──── a disposition says no ───┘
 *
 *   result        open ──given up──▶ missing
 *                   │                   │ disposed, or corrected by a supervisor
 *                   └────disposed───────┴────────▶ recorded
 *
 * - unconfirmed: nobody has proved who they are. After three wrong answers the speaker counts as
 *   somebody else, and nobody is asked any more.
 * - confirmed: the debts may be shown. It ends only with a disposition that contradicts it, and only if
 *   the person who records that says so.
 * - missing: the disposition was waited for in vain. It may still be recorded, as a correction.
 * - recorded: final, because a second disposition would have to undo what followed from the first.
 *
 * The draft is what the agent has typed and not recorded yet. It belongs to that agent: nobody else
 * types on in it, and it goes when the negotiation passes to another agent. It ends with the disposition,
 * or when nobody is to record one any more. Typing is no fact.
 */
import { unreachable } from '../../lib/assert.ts';
import { given } from '../../lib/given.ts';
import type { AgentId, CallId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';
import { dispositionByCode } from '../dispositions/catalog.ts';
import {
  type Disposition,
  type DispositionContext,
  type DispositionEffects,
  type DispositionInput,
  type DispositionProblem,
  effectsOf,
  isNotRightParty,
} from '../dispositions/disposition.ts';
import {
  decideRightParty,
  type EvidenceItem,
  type EvidenceRefusal,
  type EvidenceSource,
  type MayConfirm,
  type MomentRefusal,
  mayConfirm,
  type RightPartyMoment,
  type Speaker,
  type TypedEvidence,
} from './right-party.ts';

/** The conversation itself; a call so far, and other channels have room. */
export type NegotiationAbout = { readonly kind: 'call'; readonly callId: CallId };

export type Negotiation = {
  readonly about: NegotiationAbout;
  readonly rightParty: RightParty;
  readonly result: NegotiationResult;
  /** Absent while nothing was typed, and after the disposition. */
  readonly draft?: NegotiationDraft;
};

/** What an agent typed so far. It may be half a word: it is checked when it is recorded. */
export type TypedDraft = {
  /** Counted by the page, from 1 on; a higher one is newer. */
  readonly revision: number;
  /** Code of the chosen disposition; absent while none is chosen. */
  readonly code?: string;
  readonly note: string;
  readonly form: TypedForm;
};

/** The fields of the form as texts. */
export type TypedForm = {
  readonly promiseValue: string;
  /** The value that the agent confirmed although it is above what is due. */
  readonly confirmedValue: string;
  readonly promiseDate: string;
  readonly callbackDate: string;
  readonly callbackHour: string;
};

export type NegotiationDraft = TypedDraft & { readonly agentId: AgentId; readonly at: EpochMs };

export type RightParty = {
  readonly standing: 'unconfirmed' | 'confirmed';
  /** Wrong answers so far, 0 to 3. */
  readonly misses: number;
  /** Sequence of the newest fact stored at the confirmation; absent when it is known to be stored. */
  readonly confirmedAfter?: number;
};

export type NegotiationResult =
  | { readonly kind: 'open' }
  | { readonly kind: 'missing' }
  /** `code`: that of the disposition. */
  | { readonly kind: 'recorded'; readonly code: string };

/** The call and its agent at the moment of a try; what is known of the negotiation is added here. */
export type ConfirmingMoment = Pick<RightPartyMoment, 'call' | 'agentId' | 'activity'>;

export type NegotiationSignal =
  | {
      readonly kind: 'evidence-typed';
      readonly evidence: TypedEvidence;
      readonly source: EvidenceSource;
      readonly moment: ConfirmingMoment;
      /** Whether the campaign lets an agent confirm by a known voice. */
      readonly knownVoiceAllowed: boolean;
      /** Sequence of the newest stored fact. */
      readonly storedUpTo: number;
    }
  /** `disposed`: by the agent. `corrected`: by a supervisor in the agent's place. */
  | ({ readonly kind: 'disposed' | 'corrected' } & SaidOfNegotiation)
  /** The disposition was waited for in vain. `isListed`: a supervisor is to record it. */
  | { readonly kind: 'given-up'; readonly isListed: boolean }
  | { readonly kind: 'draft-typed'; readonly agentId: AgentId; readonly draft: TypedDraft }
  /** Another agent has the debtor now. */
  | { readonly kind: 'passed-on'; readonly toAgentId: AgentId }
  /** It proved that nobody was there to talk to: nobody is asked what came of it. */
  | { readonly kind: 'not-asked' };

export type SaidOfNegotiation = {
  /** Code of the disposition. */
  readonly code: string;
  readonly input: DispositionInput;
  readonly context: DispositionContext;
  /** Whether the person agrees that the right party was confirmed by mistake. */
  readonly withdraws: boolean;
};

export type NegotiationFact =
  /** What the agent asked, and whether the answers were right; what was said is never kept. */
  | {
      readonly kind: 'right-party-asked';
      readonly items: readonly EvidenceItem[];
      readonly result: 'right' | 'wrong';
      readonly attempt: number;
    }
  /** The last attempt was wrong too: the speaker is taken for somebody else. */
  | { readonly kind: 'third-party-presumed'; readonly attempts: number }
  | {
      readonly kind: 'right-party-confirmed';
      /** Absent in facts from before evidence was asked for. */
      readonly by?: TypedEvidence['by'];
    }
  /** It was somebody else after all, says the disposition. */
  | { readonly kind: 'right-party-withdrawn'; readonly because: string }
  | {
      readonly kind: 'disposition-recorded';
      readonly code: string;
      readonly correction: boolean;
    }
  | { readonly kind: 'disposition-missing' };

export type NegotiationRefusal =
  | MomentRefusal
  | EvidenceRefusal
  /** The attempt counts all the same. */
  | 'evidence-wrong'
  | 'has-disposition'
  /** A supervisor corrects only what was given up. */
  | 'lacks-no-disposition'
  | 'unknown-disposition'
  | 'right-party-needed'
  /** The disposition says that it was somebody else: asked for again with the withdrawal. */
  | 'right-party-confirmed'
  /** A newer draft of the same agent is kept. */
  | 'draft-stale'
  | DispositionProblem;

export type NegotiationStep = {
  readonly negotiation: Negotiation;
  readonly facts: readonly NegotiationFact[];
  /** Why what was asked for is not done; absent when it is. */
  readonly refused?: NegotiationRefusal;
  /** The evidence of a confirmation that this step made. */
  readonly confirmedBy?: ConfirmedBy;
  /** The disposition that this step recorded, with all that follows from it. */
  readonly disposed?: Disposed;
};

/** By what the right party is known; never what was said. */
export type ConfirmedBy = {
  readonly by: TypedEvidence['by'];
  readonly items: readonly EvidenceItem[];
  /** How the agent knows the voice. */
  readonly reason?: string;
  /** The person who speaks for a company. */
  readonly speaker?: Speaker;
};

export type Disposed = {
  readonly disposition: Disposition;
  readonly effects: DispositionEffects;
  /** Whether it was missing before. */
  readonly correction: boolean;
  /** Whether it takes a confirmation of the right party back. */
  readonly withdraws: boolean;
};

export function beginNegotiation(about: NegotiationAbout): Negotiation {
  return { about, rightParty: { standing: 'unconfirmed', misses: 0 }, result: { kind: 'open' } };
}

/** What the store knows of a negotiation of an earlier process. */
export type NegotiationRecord = {
  readonly rightPartyConfirmed: boolean;
  /** Wrong answers to the questions who it is. */
  readonly evidenceMisses: number;
  /** Code of the disposition that stands; absent while none is recorded. */
  readonly disposition?: string;
  readonly draft?: NegotiationDraft;
};

export function resumeNegotiation(
  about: NegotiationAbout,
  { rightPartyConfirmed, evidenceMisses, disposition, draft }: NegotiationRecord,
): Negotiation {
  return {
    about,
    rightParty: {
      standing: rightPartyConfirmed ? 'confirmed' : 'unconfirmed',
      misses: evidenceMisses,
    },
    result: disposition === undefined ? { kind: 'open' } : { kind: 'recorded', code: disposition },
    ...given({ draft }),
  };
}

/** Applies one signal; returns the same negotiation when nothing changes. */
export function stepNegotiation(
  negotiation: Negotiation,
  signal: NegotiationSignal,
  now: EpochMs,
): NegotiationStep {
  switch (signal.kind) {
    case 'evidence-typed':
      return evidenceTyped(negotiation, signal, now);
    case 'disposed':
      return dispositionOf(negotiation) !== undefined
        ? refuse(negotiation, 'has-disposition')
        : disposed(negotiation, signal);
    case 'corrected':
      return isDispositionMissing(negotiation)
        ? disposed(negotiation, signal)
        : refuse(negotiation, 'lacks-no-disposition');
    case 'given-up':
      return givenUp(negotiation, signal.isListed);
    case 'draft-typed':
      return draftTyped(negotiation, signal, now);
    case 'passed-on': {
      const isTheirs = negotiation.draft?.agentId === signal.toAgentId;
      return { negotiation: isTheirs ? negotiation : withoutDraft(negotiation), facts: [] };
    }
    case 'not-asked':
      return { negotiation: withoutDraft(negotiation), facts: [] };
    default:
      return unreachable(signal);
  }
}

/** Whether there is somebody to confirm, and time left to do so. */
export function mayConfirmNow(
  negotiation: Negotiation,
  moment: ConfirmingMoment,
  now: EpochMs,
): MayConfirm {
  return mayConfirm(momentIn(negotiation, moment, now));
}

export function isConfirmed({ rightParty }: Negotiation): boolean {
  return rightParty.standing === 'confirmed';
}

/** The code of the recorded disposition; undefined before. */
export function dispositionOf({ result }: Negotiation): string | undefined {
  return result.kind === 'recorded' ? result.code : undefined;
}

/** Whether the disposition was waited for in vain and is still to be recorded. */
export function isDispositionMissing({ result }: Negotiation): boolean {
  return result.kind === 'missing';
}

// ── who is on the line ──────────────────────────────────────────────────────────────────────────

type EvidenceTyped = Extract<NegotiationSignal, { kind: 'evidence-typed' }>;

function evidenceTyped(
  negotiation: Negotiation,
  { evidence, source, moment, knownVoiceAllowed, storedUpTo }: EvidenceTyped,
  now: EpochMs,
): NegotiationStep {
  const { rightParty } = negotiation;
  if (rightParty.standing === 'confirmed') return { negotiation, facts: [] };
  const decision = decideRightParty(momentIn(negotiation, moment, now), evidence, source, {
    knownVoiceAllowed,
  });
  switch (decision.kind) {
    case 'refused':
      return refuse(negotiation, decision.reason);
    case 'missed': {
      const { items, attempt, isThirdParty } = decision;
      const asked = { kind: 'right-party-asked', items, result: 'wrong', attempt } as const;
      const presumed = { kind: 'third-party-presumed', attempts: attempt } as const;
      return {
        negotiation: { ...negotiation, rightParty: { ...rightParty, misses: attempt } },
        facts: isThirdParty ? [asked, presumed] : [asked],
        refused: isThirdParty ? 'third-party-call' : 'evidence-wrong',
      };
    }
    case 'confirmed': {
      const { by, items } = decision;
      const { misses } = rightParty;
      const attempt = misses + 1;
      const asked = { kind: 'right-party-asked', items, result: 'right', attempt } as const;
      const confirmed = { kind: 'right-party-confirmed', by } as const;
      return {
        negotiation: {
          ...negotiation,
          rightParty: { standing: 'confirmed', misses, confirmedAfter: storedUpTo },
        },
        facts: by === 'answers' ? [asked, confirmed] : [confirmed],
        confirmedBy: { by, items, ...saidWith(evidence) },
      };
    }
    default:
      return unreachable(decision);
  }
}

function momentIn(
  { rightParty, result }: Negotiation,
  moment: ConfirmingMoment,
  now: EpochMs,
): RightPartyMoment {
  return { ...moment, isDisposed: result.kind === 'recorded', misses: rightParty.misses, now };
}

function saidWith(evidence: TypedEvidence): Pick<ConfirmedBy, 'reason' | 'speaker'> {
  return given({
    reason: evidence.by === 'known-voice' ? evidence.reason.trim() : undefined,
    speaker: evidence.speaker,
  });
}

// ── what came of it ─────────────────────────────────────────────────────────────────────────────

function disposed(
  negotiation: Negotiation,
  { code, input, context, withdraws }: SaidOfNegotiation,
): NegotiationStep {
  const disposition = dispositionByCode(code);
  if (disposition?.setBy !== 'agent') return refuse(negotiation, 'unknown-disposition');
  const isContradicted = isConfirmed(negotiation) && isNotRightParty(disposition);
  if (disposition.rightParty === true && !isConfirmed(negotiation)) {
    return refuse(negotiation, 'right-party-needed');
  }
  if (isContradicted && !withdraws) return refuse(negotiation, 'right-party-confirmed');
  const follows = effectsOf(disposition, input, context);
  if (!follows.ok) return refuse(negotiation, follows.problem);
  const { rightParty } = negotiation;
  const correction = isDispositionMissing(negotiation);
  const recorded = { kind: 'disposition-recorded', code, correction } as const;
  const withdrawn = { kind: 'right-party-withdrawn', because: code } as const;
  return {
    negotiation: {
      ...withoutDraft(negotiation),
      rightParty: isContradicted
        ? { standing: 'unconfirmed', misses: rightParty.misses }
        : rightParty,
      result: { kind: 'recorded', code },
    },
    facts: isContradicted ? [withdrawn, recorded] : [recorded],
    disposed: { disposition, effects: follows.effects, correction, withdraws: isContradicted },
  };
}

function givenUp(negotiation: Negotiation, isListed: boolean): NegotiationStep {
  if (negotiation.result.kind !== 'open') return { negotiation, facts: [] };
  // For the supervisor the draft is where to begin.
  const kept = isListed ? negotiation : withoutDraft(negotiation);
  return {
    negotiation: { ...kept, result: { kind: 'missing' } },
    facts: [{ kind: 'disposition-missing' }],
  };
}

// ── what is being typed ─────────────────────────────────────────────────────────────────────────

/** A draft that comes late never replaces a newer one of the same agent. */
function draftTyped(
  negotiation: Negotiation,
  { agentId, draft }: Extract<NegotiationSignal, { kind: 'draft-typed' }>,
  now: EpochMs,
): NegotiationStep {
  const { draft: before, result } = negotiation;
  if (result.kind === 'recorded') return refuse(negotiation, 'has-disposition');
  if (before?.agentId === agentId && draft.revision <= before.revision) {
    return refuse(negotiation, 'draft-stale');
  }
  return { negotiation: { ...negotiation, draft: { ...draft, agentId, at: now } }, facts: [] };
}

function withoutDraft(negotiation: Negotiation): Negotiation {
  const { draft, ...rest } = negotiation;
  return draft ? rest : negotiation;
}

function refuse(negotiation: Negotiation, refused: NegotiationRefusal): NegotiationStep {
  return { negotiation, facts: [], refused };
}
