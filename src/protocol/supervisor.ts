import { z } from 'zod';
import { auditActor } from './admin.ts';
import {
  activity,
  askedBySupervisor,
  dispositionForm,
  dispositionView,
  typedDraft,
} from './agent.ts';
import { epochMs } from './common.ts';
import { askedShape, campaignSettings, profileBounds, shownShape } from './settings.ts';

const { table: SETTINGS } = campaignSettings;

/** The supervisor's socket, namespace `/supervisor`, and the campaign routes. */

export const campaignState = z.enum(SETTINGS.state.of);
export type CampaignState = z.infer<typeof campaignState>;

/**
 * Modes that may be chosen now. `preview` is missing because the agent's page has no key to dial
 * yet.
 */
export const pacingMode = z.enum(SETTINGS.mode.offered);

/**
 * When to listen for answering machines: never, before an agent is sought, or while an agent
 * already speaks.
 */
export const amdMode = z.enum(SETTINGS.amd.of);
export type AmdMode = z.infer<typeof amdMode>;

/** Moments in one forecast; a page draws no more. */
export const FORECAST_MOMENTS_MAX = 60;

/** Letters of a reason. */
export const BECAUSE_LENGTH_MAX = 300;

/** `PATCH /api/campaigns/:id`; takes effect at once and is written to the audit trail. */
export const changeCampaignRequest = z.strictObject({
  ...askedShape(),
  /** The version of the settings it was made on; another one by now is refused. Absent: not checked. */
  madeOn: z.number().int().min(1).exactOptional(),
  /** Why, for the audit trail. */
  because: z.string().trim().min(1).max(BECAUSE_LENGTH_MAX).exactOptional(),
});
/** The settings to be changed. */
export type ChangeCampaignRequest = Omit<
  z.infer<typeof changeCampaignRequest>,
  'madeOn' | 'because'
>;

/** `GET /api/campaigns/:id/versions`: what it was set to, who set it and why, newest first. */
export const settingVersionsView = z.object({
  versions: z.array(
    z.object({
      version: z.number().int(),
      at: epochMs,
      by: auditActor,
      because: z.string().nullable(),
      /** By the names of the settings; those that the mode did not have are absent. */
      settings: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** `GET /api/campaigns/:id/screening`: how good the detection of answering machines is. */
export const screeningReport = z.object({
  since: epochMs,
  person: z.number().int(),
  unsure: z.number().int(),
  machine: z.number().int(),
  /**
   * Calls judged a machine but connected to an agent as a sample, and those the agents disposed.
   */
  sampled: z.number().int(),
  judged: z.number().int(),
  people: z.number().int(),
  /** Calls not judged a machine but disposed as one by the agent. */
  missed: z.number().int(),
});
export type ScreeningReport = z.infer<typeof screeningReport>;

/**
 * `POST /api/agents/:id/rest`: plans a rest from `at`, or from the end of a call still in hand
 * then; null cancels it.
 */
export const planRestRequest = z.strictObject({ at: epochMs.nullable() });

/** `GET /api/undisposed-calls`: calls whose wait for a disposition ran out, newest first. */
export const undisposedCalls = z.object({
  calls: z.array(
    z.object({
      callId: z.string(),
      campaignName: z.string(),
      /** Null when the user was deleted. */
      agentName: z.string().nullable(),
      /**
       * First name and initials; the document shows only its middle. Enough to tell calls apart.
       */
      debtorName: z.string(),
      document: z.string().nullable(),
      /** Last four digits only: `(11) ****-4321` */
      phone: z.string(),
      connectedAt: epochMs.nullable(),
      endedAt: epochMs.nullable(),
      rightPartyConfirmed: z.boolean(),
      promiseDaysMax: z.number().int(),
      /** The dispositions the supervisor may choose from. */
      dispositions: z.array(
        dispositionView
          .pick({ code: true, label: true, needsRightParty: true, form: true })
          /** It means that the person was somebody else, so it withdraws a confirmation. */
          .extend({ isNotRightParty: z.boolean() }),
      ),
      /** What the agent had typed, for the supervisor to begin with; null without anything. */
      draft: typedDraft.omit({ revision: true }).nullable(),
      agent: z.object({
        /** Whether the agent's screen asks for its disposition now. */
        holdsIt: z.boolean(),
        /** Whether it may be given back to the agent now. */
        mayHaveIt: z.boolean(),
      }),
    }),
  ),
  /** Whether there are more than are listed. */
  more: z.boolean(),
});
export type UndisposedCalls = z.infer<typeof undisposedCalls>;

/**
 * `POST /api/calls/:id/disposition`: a correction, which a supervisor records in the agent's place.
 */
export const correctDispositionRequest = z.strictObject({
  code: z.string().max(64),
  note: z.string().max(2_000).exactOptional(),
  form: dispositionForm.exactOptional(),
  /** Withdraws a mistaken confirmation of the right party. */
  withdrawsRightParty: z.literal(true).exactOptional(),
});

/**
 * `POST /api/agents/:id/take-back`: takes back what was asked for. Of what has begun, only a
 * supervisor's pause.
 */
export const takeBackRequest = z.strictObject({ what: z.enum(['pause', 'sign-out']) });

/**
 * Why nothing, or nothing more, is dialed now. The page has a sentence for `code`, filled with
 * `values`.
 */
export const placementReason = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type PlacementReason = z.infer<typeof placementReason>;

/**
 * What the pacer expects of the next moments. Agents and answers are expected numbers, so they are
 * fractions; each moment's are cumulative from now.
 */
export const planForecast = z.object({
  /** Share of placed calls that a person answers now; null before anything is known. */
  answerRateNow: z.number().nullable(),
  /** Placed calls from which that share was learned. */
  setupsObserved: z.number().int(),
  withinMs: z.number().int(),
  answersExpected: z.number(),
  freeAgentsExpected: z.number(),
  moments: z
    .array(z.object({ inMs: z.number().int(), answers: z.number(), freeAgents: z.number() }))
    .max(FORECAST_MOMENTS_MAX),
  /** The accepted risk that an answered call finds no agent; null except in mode `predictive`. */
  riskMax: z.number().nullable(),
  /** Present while too few answers are known to predict; otherwise null. */
  learning: z
    .object({ answersKnown: z.number().int(), answersNeeded: z.number().int() })
    .nullable(),
  /**
   * Since when nearly every call fails within seconds, so the carrier is only probed; null
   * otherwise.
   */
  carrierFailingSince: epochMs.nullable(),
});
export type PlanForecast = z.infer<typeof planForecast>;

export const leadFunnel = z.object({
  total: z.number().int(),
  finished: z.number().int(),
  suppressed: z.number().int(),
  dialing: z.number().int(),
  due: z.number().int(),
  held: z.array(z.object({ reason: z.string(), leads: z.number().int(), nextAt: epochMs })),
});

/** What the dialer does about a campaign whose cap is nearly or completely used. */
export const alarmDoing = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['paused', 'one-to-one-anyway']) }),
  z.object({ kind: z.literal('braking'), left: z.number().int() }),
  z.object({ kind: z.literal('ratio-goes-on'), ratio: z.number(), left: z.number().int() }),
  z.object({ kind: z.literal('one-to-one'), answersMissing: z.number().int() }),
]);
export type AlarmDoing = z.infer<typeof alarmDoing>;

/**
 * The bank of the campaign's window, by its compliance profile. Whole numbers, except under
 * profiles that estimate false verdicts of screening.
 */
export const boardAbandonment = z.object({
  windowFrom: epochMs,
  /** The denominator. */
  answers: z.number(),
  /** The numerator. */
  abandoned: z.number(),
  /**
   * People who hung up within the limit. The profile decides whether they also count as abandoned.
   */
  hungUpWaiting: z.number().int(),
  /** The cap, 0.03 for 3 %. */
  rateMax: z.number(),
  rate: z.number(),
  /** Abandoned calls the cap allows for the answers so far, and how many of those are left. */
  allowed: z.number(),
  left: z.number(),
  /** Abandoned ÷ allowed; empty from 1 on. */
  budgetUsed: z.number(),
  state: z.enum(['ok', 'alarm', 'empty']),
  /** Beginning of this state. */
  since: epochMs,
  /** Share of the cap at which the alarm begins. */
  alarmShare: z.number(),
  /** Share of the calls hung up as machines that the profile counts as people. */
  falseMachineShare: z.number(),
  /** The half hour with most people abandoned beyond the cap; null when there was none. */
  worstHalfHour: z.object({ from: epochMs, answers: z.number(), abandoned: z.number() }).nullable(),
  /** Null without an alarm, and for a stopped campaign. */
  doing: alarmDoing.nullable(),
});
export type BoardAbandonment = z.infer<typeof boardAbandonment>;

/** Why nothing, or not more than one to one, is dialed; decided by the engine, worded by the page. */
export const blocker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('telephony'), because: z.string().nullable() }),
  z.object({ kind: z.enum(['store-held-up', 'disk-full', 'stopped', 'paused']) }),
  z.object({ kind: z.enum(['no-agents', 'lines-zero']) }),
  z.object({ kind: z.literal('agents-absent'), absent: z.number().int() }),
  z.object({
    kind: z.literal('no-agent-free'),
    talking: z.number().int(),
    wrappingUp: z.number().int(),
    undisposed: z.number().int(),
  }),
  z.object({ kind: z.literal('lines-full'), linesMax: z.number().int() }),
  z.object({ kind: z.literal('no-trunk') }),
  z.object({ kind: z.literal('trunks-suspended'), until: epochMs }),
  z.object({ kind: z.literal('no-leads'), nextAt: epochMs.nullable() }),
  z.object({ kind: z.literal('abandonment'), abandoned: z.number(), answered: z.number() }),
]);
export type Blocker = z.infer<typeof blocker>;

export const boardCampaign = z.object({
  id: z.string(),
  name: z.string(),
  creditors: z.array(z.string()),
  ...shownShape(),
  /** Of the settings; a change names the one it was made on. */
  settingVersion: z.number().int(),
  /** Bounds of the settings in the compliance profile. */
  bounds: profileBounds,
  /** The newest plan: how many calls were placed, and why not more. */
  plan: z
    .object({
      at: epochMs,
      placed: z.number().int(),
      because: placementReason,
      /** Null when the pacer was not asked. */
      forecast: planForecast.nullable(),
      /** Other campaigns planned together with this one, because they share agents. */
      togetherWithIds: z.array(z.string()),
    })
    .nullable(),
  live: z.object({
    placing: z.number().int(),
    ringing: z.number().int(),
    waiting: z.number().int(),
    talking: z.number().int(),
    announcing: z.number().int(),
  }),
  agents: z.object({
    free: z.number().int(),
    reserved: z.number().int(),
    talking: z.number().int(),
    wrappingUp: z.number().int(),
    /** Agents whose last call lacks its disposition. */
    undisposed: z.number().int(),
    paused: z.number().int(),
    /** Agents signed in without screen or headset. */
    absent: z.number().int(),
  }),
  /** Counts since local midnight. */
  today: z.object({
    attempts: z.number().int(),
    answered: z.number().int(),
    connected: z.number().int(),
    abandoned: z.number().int(),
    hungUpWaiting: z.number().int(),
    busy: z.number().int(),
    noAnswer: z.number().int(),
    invalid: z.number().int(),
    rejected: z.number().int(),
    failed: z.number().int(),
    rightParty: z.number().int(),
    promises: z.number().int(),
  }),
  abandonment: boardAbandonment,
  leads: leadFunnel,
  /** The most basic cause first; empty: nothing keeps it from dialing. */
  blockers: z.array(blocker),
  agentIds: z.array(z.string()),
});
export type BoardCampaign = z.infer<typeof boardCampaign>;

export const boardAgent = z.object({
  id: z.string(),
  name: z.string(),
  shift: z
    .object({
      startedAt: epochMs,
      activity,
      screenConnected: z.boolean(),
      headsetPinned: z.boolean(),
      pauseAsked: z.string().nullable(),
      /** Beginning of the planned rest; null without one. */
      restsAt: epochMs.nullable(),
      signOutAsked: z.enum(['signed-out', 'signed-out-by-supervisor']).nullable(),
      bySupervisor: askedBySupervisor,
      campaignName: z.string().nullable(),
      callPhone: z.string().nullable(),
      callsToday: z.number().int(),
    })
    .nullable(),
  campaignIds: z.array(z.string()),
});
export type BoardAgent = z.infer<typeof boardAgent>;

export const board = z.object({
  serverNow: epochMs,
  telephony: z.object({ up: z.boolean(), because: z.string().nullable(), since: epochMs }),
  /**
   * Whether decisions can be stored. At `full` nothing is dialed or imported until there is room.
   */
  storage: z.object({
    room: z.enum(['ok', 'low', 'full']),
    since: epochMs,
    freeBytes: z.number().nullable(),
    /**
     * Why decisions cannot be stored now; null when they can. Nothing is dialed while they wait.
     */
    heldUp: z.object({ cause: z.enum(['busy', 'silent', 'full']), since: epochMs }).nullable(),
  }),
  /** Since when a night has had no backup of the database; null while all have, or none are made. */
  noBackUpSince: epochMs.nullable(),
  trunks: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      callsNow: z.number().int(),
      channelsMax: z.number().int(),
      suspendedUntil: epochMs.nullable(),
      because: z.string().nullable(),
    }),
  ),
  /** Caller IDs that rest because the network or the people called refuse them. */
  callerIdsResting: z.array(
    z.object({
      number: z.string(),
      refused: z.number().int(),
      of: z.number().int(),
      until: epochMs,
    }),
  ),
  campaigns: z.array(boardCampaign),
  agents: z.array(boardAgent),
});
export type Board = z.infer<typeof board>;

/** The newest request to let a second person approve something; withdrawn and approved ones are over. */
const approvalView = z.object({
  approvalId: z.string(),
  state: z.enum(['asked', 'refused', 'expired']),
  /** Who asked; null when that user was deleted. */
  byName: z.string().nullable(),
  /** Whether the reader asked. */
  isOwn: z.boolean(),
  /** Why, in the words of who asked. */
  because: z.string(),
  at: epochMs,
  /** Not decided from then on. */
  expiresAt: epochMs,
  /** Who refused and why; the name is null when that user was deleted. */
  refused: z.object({ byName: z.string().nullable(), because: z.string() }).nullable(),
});
export type ApprovalView = z.infer<typeof approvalView>;

/** `GET /api/phones/unwanted`: telephones that refused us, unreviewed ones first. */
export const unwantedPhones = z.object({
  /** A second person has to approve that a telephone is released. */
  releaseNeedsApproval: z.boolean(),
  phones: z.array(
    z.object({
      blockId: z.string(),
      /** Last four digits only: `(11) ****-4321` */
      phone: z.string(),
      at: epochMs,
      /** The call that was refused. */
      call: z
        .object({
          /** First name and initials. */
          debtorName: z.string(),
          campaignName: z.string(),
          creditorName: z.string(),
          /** The network's SIP answer, such as 607; null without one. */
          sipStatus: z.number().int().nullable(),
        })
        .nullable(),
      /** Present once a reviewer kept the block; the name is null when that user was deleted. */
      kept: z.object({ byName: z.string().nullable() }).nullable(),
      /** To release it; null without one that matters now. */
      request: approvalView.nullable(),
    }),
  ),
});
export type UnwantedPhones = z.infer<typeof unwantedPhones>;

export const REVIEW_REASON_LENGTH_MIN = 5;
export const REVIEW_REASON_LENGTH_MAX = 300;

const reviewReason = z.string().trim().min(REVIEW_REASON_LENGTH_MIN).max(REVIEW_REASON_LENGTH_MAX);

/**
 * `POST /api/phones/unwanted/:blockId/lift`, `…/keep` and `…/ask-lift`: the reviewer's decision, or what
 * they ask a second person to approve, and the reason.
 */
export const reviewUnwantedRequest = z.strictObject({ because: reviewReason });

/** `POST /api/approvals/:approvalId/approve` and `…/refuse`: why. */
export const decideApprovalRequest = z.strictObject({ because: reviewReason });

/**
 * `board` event: the whole board, at most a few times a second. Not sequenced: the newest is the
 * truth.
 */
export const boardMessage = z.object({ epoch: z.string(), upTo: z.number().int(), board });
export type BoardMessage = z.infer<typeof boardMessage>;

/** One line of the live log. The page makes a sentence from `kind` and `values`. */
export const logLine = z.object({
  sequence: z.number().int(),
  at: epochMs,
  /** The kind of the fact, such as `call-connected`. */
  kind: z.string(),
  campaignName: z.string().nullable(),
  agentName: z.string().nullable(),
  /** The supervisor who acted in the agent's place; null otherwise. */
  byName: z.string().nullable(),
  /** Last four digits only: `(11) ****-4321` */
  phone: z.string().nullable(),
  callId: z.string().nullable(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type LogLine = z.infer<typeof logLine>;

/**
 * `log` event: the lines after `after` up to `upTo`. A page missed lines when `after` is not the
 * last one it saw or the epoch differs; it then asks for a snapshot.
 */
export const logMessage = z.object({
  epoch: z.string(),
  after: z.number().int(),
  upTo: z.number().int(),
  lines: z.array(logLine),
  /** Number of lines left out because too many came at once. */
  omitted: z.number().int(),
});
export type LogMessage = z.infer<typeof logMessage>;

export const supervisorSnapshot = z.object({
  epoch: z.string(),
  upTo: z.number().int(),
  board,
  log: z.array(logLine),
});
export type SupervisorSnapshot = z.infer<typeof supervisorSnapshot>;

export type SupervisorServerEvents = {
  board: (message: BoardMessage) => void;
  log: (message: LogMessage) => void;
  /** Sent to a person's oldest page when they opened more pages than allowed; it stops. */
  'taken-over': () => void;
  'signed-out': () => void;
};

export type SupervisorClientEvents = {
  snapshot: (answer: (snapshot: SupervisorSnapshot) => void) => void;
};
