import { z } from 'zod';
import { CHANNELS } from '../domain/contacts/contact.ts';
import { centavos, type commandAnswer, epochMs, isoDate } from './common.ts';

/** The agent's socket, namespace `/agent`. */

// ── What the page asks ──────────────────────────────────────────────────────────────────────────

export const chosenPause = z.enum([
  'rest',
  'meal',
  'restroom',
  'training',
  'feedback',
  'system-problem',
]);
export type ChosenPause = z.infer<typeof chosenPause>;

export const dispositionForm = z.object({
  /** Promise to pay. */
  promise: z
    .strictObject({
      valueCentavos: centavos.positive(),
      dueDate: isoDate,
      /** The agent has confirmed a promise above the amount due. */
      aboveDueConfirmed: z.boolean().exactOptional(),
    })
    .optional(),
  /** When the debtor asked to be called again. */
  callbackAt: epochMs.optional(),
});
export type DispositionForm = z.infer<typeof dispositionForm>;

/** Longest text of one field of a draft's form. */
export const DRAFT_FIELD_LENGTH_MAX = 40;
const DRAFT_REVISION_MAX = 1_000_000;

const draftField = z.string().max(DRAFT_FIELD_LENGTH_MAX);

/** What the agent has typed of a call, as texts: nothing of it is recorded yet. */
export const typedDraft = z.strictObject({
  /** Counted by the page; a higher one is newer. */
  revision: z.number().int().min(1).max(DRAFT_REVISION_MAX),
  /** Code of the chosen disposition; absent while none is chosen. */
  code: z.string().max(64).exactOptional(),
  note: z.string().max(2_000),
  form: z.strictObject({
    promiseValue: draftField,
    confirmedValue: draftField,
    promiseDate: draftField,
    callbackDate: draftField,
    callbackHour: draftField,
  }),
});
export type TypedDraft = z.infer<typeof typedDraft>;

/** An item a person can be asked for (`domain/negotiations/right-party.ts`). */
export const evidenceItem = z.enum(['document', 'birth-day', 'postal-code', 'contract']);
export type EvidenceItem = z.infer<typeof evidenceItem>;

export const EVIDENCE_ATTEMPTS_MAX = 3;
export const KNOWN_VOICE_REASON_MAX = 200;
const SPEAKER_TEXT_MAX = 80;

const speaker = z.strictObject({
  name: z.string().max(SPEAKER_TEXT_MAX),
  role: z.string().max(SPEAKER_TEXT_MAX),
});

export const typedEvidence = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('answers'),
    answers: z.partialRecord(evidenceItem, z.string().max(20)),
    /** Who speaks for the company; absent for a person. */
    speaker: speaker.exactOptional(),
  }),
  /** Allowed only when the campaign says so. */
  z.strictObject({
    by: z.literal('known-voice'),
    reason: z.string().max(KNOWN_VOICE_REASON_MAX),
    speaker: speaker.exactOptional(),
  }),
]);
export type TypedEvidence = z.infer<typeof typedEvidence>;

export const agentCommand = z.discriminatedUnion('kind', [
  /**
   * Begins or resumes the shift. `pageId` is random for each load of the page: a new one means that
   * the old page's audio is gone. Answered with {@link openShiftAnswer}.
   */
  z.strictObject({ kind: z.literal('open-shift'), pageId: z.string().min(8).max(64) }),
  z.strictObject({ kind: z.literal('go-available') }),
  z.strictObject({ kind: z.literal('pause'), reason: chosenPause }),
  z.strictObject({ kind: z.literal('take-pause-back') }),
  /** Plans a rest from `at`, or from the end of a call still in hand then; null cancels it. */
  z.strictObject({ kind: z.literal('plan-rest'), at: epochMs.nullable() }),
  z.strictObject({ kind: z.literal('hang-up'), callId: z.string() }),
  /** What the person on the line said. The debts are sent only when it is right. */
  z.strictObject({
    kind: z.literal('confirm-right-party'),
    callId: z.string(),
    evidence: typedEvidence,
  }),
  z.strictObject({
    kind: z.literal('dispose'),
    callId: z.string(),
    code: z.string().max(64),
    note: z.string().max(2_000).optional(),
    form: dispositionForm.optional(),
    /**
     * Withdraws a mistaken confirmation of the right party; the page asks after a refusal with code
     * `right-party-confirmed`.
     */
    withdrawsRightParty: z.literal(true).optional(),
  }),
  /** Sent a moment after the agent stopped typing; refused when a newer one is kept. */
  z.strictObject({ kind: z.literal('keep-draft'), callId: z.string(), draft: typedDraft }),
  z.strictObject({ kind: z.literal('extend-wrap-up') }),
  /** The page noticed that its audio is gone. */
  z.strictObject({ kind: z.literal('headset-lost') }),
  /** Ends the shift, after the call in hand when there is one. */
  z.strictObject({ kind: z.literal('sign-out') }),
  z.strictObject({ kind: z.literal('take-sign-out-back') }),
]);
export type AgentCommand = z.infer<typeof agentCommand>;

export const headsetCredentials = z.object({
  /** Path of the SIP-over-WebSocket proxy at our own origin. */
  socketPath: z.string(),
  /** The SIP domain, for `sip:<username>@<domain>` and for the target `sip:headset@<domain>`. */
  domain: z.string(),
  target: z.string(),
  username: z.string(),
  password: z.string(),
});

export const openShiftAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), headset: headsetCredentials }),
  z.object({ ok: z.literal(false), code: z.string(), detail: z.string() }),
]);
export type OpenShiftAnswer = z.infer<typeof openShiftAnswer>;

// ── What the server tells ───────────────────────────────────────────────────────────────────────

export const activity = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('preparing'), since: epochMs }),
  /** `freeAt`: end of the rest after the last call; absent when the agent is free at once. */
  z.object({ kind: z.literal('available'), since: epochMs, freeAt: epochMs.exactOptional() }),
  z.object({ kind: z.literal('reserved'), since: epochMs, callId: z.string() }),
  z.object({ kind: z.literal('talking'), since: epochMs, callId: z.string() }),
  z.object({
    kind: z.literal('wrapping-up'),
    since: epochMs,
    callId: z.string(),
    until: epochMs,
    disposed: z.boolean(),
    extended: z.boolean(),
  }),
  /** The wrap-up ended without a disposition: no call is offered until there is one. */
  z.object({
    kind: z.literal('undisposed'),
    since: epochMs,
    callId: z.string(),
    until: epochMs,
  }),
  /**
   * `by` is who asked for the pause, absent when it was the agent. The agent may then come back from
   * `keptUntil` on, or when released.
   */
  z.object({
    kind: z.literal('paused'),
    since: epochMs,
    reason: z.string(),
    by: z.literal('supervisor').exactOptional(),
    keptUntil: epochMs.exactOptional(),
  }),
  z.object({ kind: z.literal('ended'), at: epochMs, because: z.string() }),
]);
export type Activity = z.infer<typeof activity>;

/**
 * One disposition the agent may choose. The operation chooses the labels; the product defines the
 * meanings.
 */
export const dispositionView = z.object({
  code: z.string(),
  label: z.object({ 'pt-BR': z.string(), en: z.string() }),
  group: z.enum(['right-party', 'third-party', 'nobody', 'technical']),
  /** Its number key, 1 to 9; null without one. */
  key: z.number().int().min(1).max(9).nullable(),
  needsRightParty: z.boolean(),
  form: z.enum(['none', 'promise', 'callback']),
  wrapUpMs: z.number().int(),
});
export type DispositionView = z.infer<typeof dispositionView>;

export const deskCampaign = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['running', 'paused', 'stopped']),
  creditors: z.array(z.string()),
  /** Days until a promise must be due at the latest. */
  promiseDaysMax: z.number().int(),
});
export type DeskCampaign = z.infer<typeof deskCampaign>;

/**
 * Whether the right party may be confirmed in this call, and with which items. Never holds the
 * right answers.
 */
export const rightPartyCheck = z.object({
  party: z.enum(['person', 'company']),
  /** Items the agent may ask for; at least `needed` of them must be typed. */
  items: z.array(evidenceItem),
  /** Items the creditor did not send. */
  missing: z.array(evidenceItem),
  needed: z.number().int(),
  knownVoiceAllowed: z.boolean(),
  /** Wrong attempts so far. */
  misses: z.number().int(),
  /** Why it cannot be confirmed now; null when it can. */
  refusal: z.string().nullable(),
  /** End of the time for confirming after the debtor hung up; null while the call lasts. */
  until: epochMs.nullable(),
});
export type RightPartyCheck = z.infer<typeof rightPartyCheck>;

/**
 * The call in hand or in wrap-up. After the wrap-up only a call with something left to say: its
 * disposition is missing, or it was taken back because a machine answered.
 */
export const deskCall = z.object({
  callId: z.string(),
  campaignId: z.string(),
  state: z.enum(['connecting', 'talking', 'stranded', 'ended']),
  /** `(11) 98765-4321`; null when the card of a call that was taken back is closed. */
  phone: z.string().nullable(),
  answeredAt: epochMs.nullable(),
  connectedAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  /** Outcome and who hung up; null before the end. */
  ending: z.object({ outcome: z.string(), hungUpBy: z.string() }).nullable(),
  rightPartyConfirmed: z.boolean(),
  /** Null when the card is closed. */
  rightParty: rightPartyCheck.nullable(),
  /** Code of the recorded disposition; null before. */
  disposition: z.string().nullable(),
  dispositionMissing: z.boolean(),
  /** What this agent has typed of it; null without anything. */
  draft: typedDraft.nullable(),
});
export type DeskCall = z.infer<typeof deskCall>;

/** Which of an agent's plans a supervisor asked for. */
export const askedBySupervisor = z.object({
  pause: z.boolean(),
  rest: z.boolean(),
  signOut: z.boolean(),
});

export const desk = z.object({
  /** The server's clock at sending; timers on the page run from it. */
  serverNow: epochMs,
  shift: z
    .object({
      id: z.string(),
      startedAt: epochMs,
      activity,
      headsetPinned: z.boolean(),
      pauseAsked: z.string().nullable(),
      /** Beginning of the planned rest; null without one. */
      restsAt: epochMs.nullable(),
      /**
       * How the shift will end once the call in hand is over and disposed; null when no sign-out
       * was asked for.
       */
      signOutAsked: z.enum(['signed-out', 'signed-out-by-supervisor']).nullable(),
      /** The plans a supervisor asked for; the agent cannot take them back. */
      bySupervisor: askedBySupervisor,
      today: z.object({
        calls: z.number().int(),
        rightParty: z.number().int(),
        promises: z.number().int(),
        promisedCentavos: centavos,
        talkMs: z.number().int(),
      }),
    })
    .nullable(),
  campaigns: z.array(deskCampaign),
  dispositions: z.array(dispositionView),
  /** Longest allowed length of each pause in ms; null without a limit. */
  pauseMaxMs: z.record(z.string(), z.number().int().nullable()),
  call: deskCall.nullable(),
  /** Whether the PBX can be reached; while it is false nothing is dialed. */
  telephonyUp: z.boolean(),
});
export type Desk = z.infer<typeof desk>;

/**
 * `desk` event: the whole desk, sent at each change. The page ignores a lower `upTo` of the same
 * epoch.
 */
export const deskMessage = z.object({ epoch: z.string(), upTo: z.number().int(), desk });
export type DeskMessage = z.infer<typeof deskMessage>;

/** The first `pop` event: made on the server without amounts, contracts or the full document. */
export const maskedPop = z.object({
  stage: z.literal('masked'),
  callId: z.string(),
  campaignId: z.string(),
  debtorName: z.string(),
  /** `***.456.789-**`; null without one. */
  document: z.string().nullable(),
  dialedPhone: z.string(),
  /** The extension to ask for at the switchboard; null without one. */
  dialedExtension: z.string().nullable(),
  creditors: z.array(z.string()),
  /** Filled for this agent and debtor (`domain/campaigns/script.ts`). */
  script: z.string(),
  /** City and state, for small talk and local time. */
  place: z.string().nullable(),
});
export type MaskedPop = z.infer<typeof maskedPop>;

export const popInstalment = z.object({
  number: z.string(),
  dueDate: isoDate,
  daysPastDue: z.number().int(),
  originalCentavos: centavos,
  updatedCentavos: centavos,
  computedAt: epochMs,
  state: z.enum(['open', 'paid', 'withdrawn', 'disputed']),
});

/** The second `pop` event: sent only after the right-party command is committed. */
export const fullPop = z.object({
  stage: z.literal('full'),
  callId: z.string(),
  campaignId: z.string(),
  debtor: z.object({
    name: z.string(),
    document: z.string().nullable(),
    birthDate: isoDate.nullable(),
    emails: z.array(z.string()),
    addresses: z.array(z.string()),
  }),
  dialedPhone: z.string(),
  /** The extension to ask for at the switchboard; null without one. */
  dialedExtension: z.string().nullable(),
  script: z.string(),
  totals: z.object({
    originalCentavos: centavos,
    updatedCentavos: centavos,
    openInstalments: z.number().int(),
    oldestDueDate: isoDate.nullable(),
  }),
  contracts: z.array(
    z.object({
      creditor: z.string(),
      number: z.string(),
      product: z.string().nullable(),
      instalments: z.array(popInstalment),
    }),
  ),
  phones: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      extension: z.string().nullable(),
      kind: z.enum(['mobile', 'fixed']),
      status: z.string(),
      source: z.string(),
      dialedNow: z.boolean(),
    }),
  ),
  promises: z.array(
    z.object({
      creditor: z.string(),
      madeAt: epochMs,
      dueDate: isoDate,
      valueCentavos: centavos,
      state: z.enum(['open', 'kept', 'broken', 'cancelled']),
    }),
  ),
  /** Contacts over all channels, newest first. */
  timeline: z.array(
    z.object({
      at: epochMs,
      channel: z.enum(CHANNELS),
      direction: z.enum(['outbound', 'inbound']),
      creditor: z.string(),
      source: z.enum(['dialer', 'crm']),
      result: z.string(),
      address: z.string().nullable(),
      note: z.string().nullable(),
      /** There was a note, and it can be read no more. */
      noteErased: z.boolean().optional(),
      agentName: z.string().nullable(),
    }),
  ),
});
export type FullPop = z.infer<typeof fullPop>;

export const pop = z.discriminatedUnion('stage', [maskedPop, fullPop]);
export type Pop = z.infer<typeof pop>;

/**
 * `pop-cleared` event: the page must empty the screen of this call, because the next one comes or
 * the shift is over.
 */
export const popCleared = z.object({ callId: z.string() });

/** `taken-over` event: the agent now works in another tab; this page stops. */
export type AgentServerEvents = {
  desk: (message: DeskMessage) => void;
  pop: (message: Pop) => void;
  'pop-cleared': (message: z.infer<typeof popCleared>) => void;
  'taken-over': () => void;
  /** The session is over: sign in again. */
  'signed-out': () => void;
};

export type AgentClientEvents = {
  command: (
    command: AgentCommand,
    answer: (answer: z.infer<typeof commandAnswer> | OpenShiftAnswer) => void,
  ) => void;
};
