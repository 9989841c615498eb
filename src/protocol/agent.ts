import { z } from 'zod';
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
      /** Said a second time: more than is due is meant. */
      aboveDueConfirmed: z.boolean().exactOptional(),
    })
    .optional(),
  /** When the debtor asked to be called again. */
  callbackAt: epochMs.optional(),
});
export type DispositionForm = z.infer<typeof dispositionForm>;

/** What a person can be asked (`domain/debtors/right-party.ts`). */
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
    /** Of a company. */
    speaker: speaker.exactOptional(),
  }),
  /** Only where the campaign allows it. */
  z.strictObject({
    by: z.literal('known-voice'),
    reason: z.string().max(KNOWN_VOICE_REASON_MAX),
    speaker: speaker.exactOptional(),
  }),
]);
export type TypedEvidence = z.infer<typeof typedEvidence>;

export const agentCommand = z.discriminatedUnion('kind', [
  /**
   * Begins the shift, or takes it up again. `pageId` is random for each load of the page: another one
   * than before means that the old page's audio is gone. Answered with {@link openShiftAnswer}.
   */
  z.strictObject({ kind: z.literal('open-shift'), pageId: z.string().min(8).max(64) }),
  z.strictObject({ kind: z.literal('go-available') }),
  z.strictObject({ kind: z.literal('pause'), reason: chosenPause }),
  z.strictObject({ kind: z.literal('take-pause-back') }),
  /** A rest from then on, or after the call in hand by then; null: no longer. */
  z.strictObject({ kind: z.literal('plan-rest'), at: epochMs.nullable() }),
  z.strictObject({ kind: z.literal('hang-up'), callId: z.string() }),
  /** What the person on the line said; only where it is right the debts are sent. */
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
    /** The right party was confirmed by mistake: asked with `right-party-confirmed`. */
    withdrawsRightParty: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal('extend-wrap-up') }),
  /** The page noticed that its audio is gone. */
  z.strictObject({ kind: z.literal('headset-lost') }),
  /** After the call in hand, where there is one. */
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
  /** `freeAt`: the agent rests from the last call until then. */
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
  /** The wrap-up is over without a disposition: no call is offered before there is one. */
  z.object({
    kind: z.literal('undisposed'),
    since: epochMs,
    callId: z.string(),
    until: epochMs,
  }),
  /** `by`: who asked for it where it was not the agent, who then comes back from `keptUntil`, or when
   *  released. */
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

/** One disposition the agent may choose. Labels are the operation's, semantics the product's. */
export const dispositionView = z.object({
  code: z.string(),
  label: z.object({ 'pt-BR': z.string(), en: z.string() }),
  group: z.enum(['right-party', 'third-party', 'nobody', 'technical']),
  /** Pinned to a number key, 1 to 9. */
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
  /** How far ahead a promise may be due, in days. */
  promiseDaysMax: z.number().int(),
});
export type DeskCampaign = z.infer<typeof deskCampaign>;

/** Whether the right party may be confirmed in this call, and by what; never the right answers. */
export const rightPartyCheck = z.object({
  party: z.enum(['person', 'company']),
  /** What may be asked; at least `needed` of them are typed. */
  items: z.array(evidenceItem),
  /** What the creditor did not send. */
  missing: z.array(evidenceItem),
  needed: z.number().int(),
  knownVoiceAllowed: z.boolean(),
  /** Wrong attempts so far. */
  misses: z.number().int(),
  /** Why it cannot be confirmed now; null: it can. */
  refusal: z.string().nullable(),
  /** The debtor has hung up: so long it still can. Null: as long as the call lasts. */
  until: epochMs.nullable(),
});
export type RightPartyCheck = z.infer<typeof rightPartyCheck>;

/**
 * The call in hand and in wrap-up; after that only one of which something is still to be said: its
 * disposition is missing, or it was taken back as a machine's.
 */
export const deskCall = z.object({
  callId: z.string(),
  campaignId: z.string(),
  state: z.enum(['connecting', 'talking', 'stranded', 'ended']),
  /** `(11) 98765-4321`; null once the card of a call that was taken back is closed. */
  phone: z.string().nullable(),
  answeredAt: epochMs.nullable(),
  connectedAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  /** Why it ended: outcome and who hung up. */
  ending: z.object({ outcome: z.string(), hungUpBy: z.string() }).nullable(),
  rightPartyConfirmed: z.boolean(),
  /** Null once the card is closed. */
  rightParty: rightPartyCheck.nullable(),
  /** The recorded disposition's code. */
  disposition: z.string().nullable(),
  dispositionMissing: z.boolean(),
});
export type DeskCall = z.infer<typeof deskCall>;

/** What of an agent's plans a supervisor asked for. */
export const askedBySupervisor = z.object({
  pause: z.boolean(),
  rest: z.boolean(),
  signOut: z.boolean(),
});

export const desk = z.object({
  /** The server's clock when it was sent; timers on the page run from it. */
  serverNow: epochMs,
  shift: z
    .object({
      id: z.string(),
      startedAt: epochMs,
      activity,
      headsetPinned: z.boolean(),
      pauseAsked: z.string().nullable(),
      /** When a planned rest begins. */
      restsAt: epochMs.nullable(),
      /** The shift ends so when the call in hand is over and disposed. */
      signOutAsked: z.enum(['signed-out', 'signed-out-by-supervisor']).nullable(),
      /** What of it a supervisor asked for: the agent takes it not back. */
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
  /** Longest allowed length of each pause in ms, or null. */
  pauseMaxMs: z.record(z.string(), z.number().int().nullable()),
  call: deskCall.nullable(),
  /** The telephony is down: nothing is dialed until it is back. */
  telephonyUp: z.boolean(),
});
export type Desk = z.infer<typeof desk>;

/** `desk` event: the whole desk, sent at each change. A lower `upTo` of the same epoch is old news. */
export const deskMessage = z.object({ epoch: z.string(), upTo: z.number().int(), desk });
export type DeskMessage = z.infer<typeof deskMessage>;

/** `pop` event, first: made on the server without amounts, contracts or full document. */
export const maskedPop = z.object({
  stage: z.literal('masked'),
  callId: z.string(),
  campaignId: z.string(),
  debtorName: z.string(),
  /** `***.456.789-**`, or null where there is none. */
  document: z.string().nullable(),
  dialedPhone: z.string(),
  /** To be asked for at the switchboard; null where there is none. */
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

/** `pop` event, second: only after the right-party command is committed. */
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
  /** To be asked for at the switchboard; null where there is none. */
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
  /** All channels, newest first. */
  timeline: z.array(
    z.object({
      at: epochMs,
      channel: z.enum(['voice', 'sms', 'email', 'whatsapp', 'letter', 'bureau', 'other']),
      direction: z.enum(['outbound', 'inbound']),
      creditor: z.string(),
      source: z.enum(['dialer', 'crm']),
      result: z.string(),
      address: z.string().nullable(),
      note: z.string().nullable(),
      agentName: z.string().nullable(),
    }),
  ),
});
export type FullPop = z.infer<typeof fullPop>;

export const pop = z.discriminatedUnion('stage', [maskedPop, fullPop]);
export type Pop = z.infer<typeof pop>;

/** `pop-cleared` event: the screen of this call is to be emptied (the next one comes, or the shift is over). */
export const popCleared = z.object({ callId: z.string() });

/** `taken-over` event: this log-in works in another tab now; this page stops. */
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
