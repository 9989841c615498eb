import type { Activity, AgentShift } from '../../src/domain/agents/agent-shift.ts';
import type { Headset, HeadsetState } from '../../src/domain/agents/headset.ts';
import type { Call, CallOrder, CallState } from '../../src/domain/calls/call.ts';
import { unreachable } from '../../src/lib/assert.ts';
import type { EpochMs } from '../../src/lib/time.ts';

/** Monday 2026-11-23, 10:00 in Brasília, when everything the builders make began. */
export const PLACED_AT: EpochMs = Date.parse('2026-11-23T13:00:00Z');
export const RANG_AT = PLACED_AT + 3_000;
export const ANSWERED_AT = PLACED_AT + 9_000;
export const ASSIGNED_AT = ANSWERED_AT + 100;
export const CONNECTED_AT = ANSWERED_AT + 150;

export const ANA = 'user_ana';
export const BIA = 'user_bia';
export const BRIDGE_OF_ANA = 'bridge_ana';
export const BRIDGE_OF_BIA = 'bridge_bia';

export function anOrder(overrides: Partial<CallOrder> = {}): CallOrder {
  return {
    id: 'call_1',
    legId: 'leg_1',
    attemptId: 'attempt_1',
    campaignId: 'campaign_1',
    leadId: 'lead_1',
    debtorId: 'debtor_1',
    phoneId: 'phone_1',
    phone: '+5511987654321',
    trunkId: 'trunk_1',
    callerId: '+551134567890',
    ringTimeoutMs: 30_000,
    waitMaxMs: 2_000,
    graceMs: 8_000,
    causeOverrides: {},
    placedAt: PLACED_AT,
    ...overrides,
  };
}

type CallOverrides = Partial<Omit<Call, 'state'>> & {
  readonly state?: CallState['kind'] | CallState;
};

/**
 * A call in the named state, with the matching past: a talking one was placed, rang, was answered
 * and given to Ana. Overrides come last.
 */
export function aCall({ state = 'placing', ...overrides }: CallOverrides = {}): Call {
  const whole = typeof state === 'string' ? aCallState(state) : state;
  return {
    ...anOrder(),
    rang: false,
    earlyMedia: false,
    version: 1,
    ...pastOf(whole),
    ...overrides,
    state: whole,
  };
}

function aCallState(kind: CallState['kind']): CallState {
  const states: { readonly [Kind in CallState['kind']]: Extract<CallState, { kind: Kind }> } = {
    placing: { kind: 'placing' },
    ringing: { kind: 'ringing', since: RANG_AT },
    screening: { kind: 'screening', since: ANSWERED_AT },
    waiting: { kind: 'waiting', since: ANSWERED_AT },
    connecting: {
      kind: 'connecting',
      since: ASSIGNED_AT,
      agentId: ANA,
      bridgeId: BRIDGE_OF_ANA,
    },
    talking: { kind: 'talking', since: CONNECTED_AT, agentId: ANA, bridgeId: BRIDGE_OF_ANA },
    stranded: {
      kind: 'stranded',
      since: CONNECTED_AT + 500,
      agentId: ANA,
      bridgeId: BRIDGE_OF_ANA,
      seeking: false,
    },
    announcing: { kind: 'announcing', since: ANSWERED_AT + 2_000, because: 'nobody-free' },
    ended: { kind: 'ended', at: PLACED_AT + 5_000, outcome: 'busy', hungUpBy: 'network' },
  };
  return states[kind];
}

function pastOf(state: CallState): Partial<Call> {
  const rang = { rang: true, version: 2 };
  const answered = { ...rang, answeredAt: ANSWERED_AT, version: 3 };
  switch (state.kind) {
    case 'placing':
      return {};
    case 'ringing':
    case 'ended':
      return rang;
    case 'screening':
      return { ...answered, screening: { mode: 'before', sampled: false } };
    case 'waiting':
      return answered;
    case 'connecting':
      return { ...answered, version: 4 };
    case 'talking':
    case 'stranded':
      return { ...answered, connectedAt: CONNECTED_AT, agentId: ANA, version: 5 };
    case 'announcing':
      return state.because === 'nobody-free'
        ? { ...answered, abandonment: 'limit', version: 4 }
        : { ...answered, connectedAt: CONNECTED_AT, agentId: ANA, version: 7 };
    default:
      return unreachable(state);
  }
}

type ShiftOverrides = Partial<Omit<AgentShift, 'activity'>> & {
  readonly activity?: Activity['kind'] | Activity;
};

/** Ana's shift in the named activity, with screen and headset; a call of hers is `call_1`. */
export function aShift({ activity = 'available', ...overrides }: ShiftOverrides = {}): AgentShift {
  return {
    id: 'shift_1',
    agentId: ANA,
    startedAt: PLACED_AT - 3_600_000,
    activity: typeof activity === 'string' ? anActivity(activity) : activity,
    screen: { connected: true, since: PLACED_AT - 3_600_000 },
    headset: { pinned: true, since: PLACED_AT - 3_590_000 },
    version: 1,
    ...overrides,
  };
}

function anActivity(kind: Activity['kind']): Activity {
  const since = PLACED_AT;
  const callId = 'call_1';
  const activities: { readonly [Kind in Activity['kind']]: Extract<Activity, { kind: Kind }> } = {
    preparing: { kind: 'preparing', since },
    available: { kind: 'available', since },
    reserved: { kind: 'reserved', since, callId },
    talking: { kind: 'talking', since, callId },
    'wrapping-up': {
      kind: 'wrapping-up',
      since,
      callId,
      until: since + 30_000,
      disposed: false,
      extended: false,
      dispositionWaitMs: 120_000,
    },
    undisposed: { kind: 'undisposed', since, callId, until: since + 30_000 },
    paused: { kind: 'paused', since, reason: 'rest' },
    ended: { kind: 'ended', at: since, because: 'signed-out' },
  };
  return activities[kind];
}

type HeadsetOverrides = Partial<Omit<Headset, 'state'>> & {
  readonly state?: HeadsetState['kind'] | HeadsetState;
};

/** Ana's headset; its channel, if any, is `channel_1`. */
export function aHeadset({ state = 'pinned', ...overrides }: HeadsetOverrides = {}): Headset {
  return {
    id: 'headset_1',
    bridgeId: BRIDGE_OF_ANA,
    state: typeof state === 'string' ? aHeadsetState(state) : state,
    ...overrides,
  };
}

function aHeadsetState(kind: HeadsetState['kind']): HeadsetState {
  const since = PLACED_AT;
  const channelId = 'channel_1';
  const states: {
    readonly [Kind in HeadsetState['kind']]: Extract<HeadsetState, { kind: Kind }>;
  } = {
    issued: { kind: 'issued' },
    arriving: { kind: 'arriving', channelId, since },
    pinned: { kind: 'pinned', channelId, since },
    lost: { kind: 'lost', since },
    closed: { kind: 'closed' },
  };
  return states[kind];
}
