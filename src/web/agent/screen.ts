import { unreachable } from '../../lib/assert.ts';
import type {
  Activity,
  Desk,
  DeskCall,
  DeskMessage,
  FullPop,
  MaskedPop,
  Pop,
} from '../../protocol/agent.ts';
import type { MicrophoneProblem } from '../softphone/microphone.ts';
import { carriesAudio, type Softphone } from '../softphone/softphone.ts';
import { canBeConfirmed } from './evidence.ts';

/**
 * What the agent's page knows, kept by one reducer. The server is the authority. The page adds only
 * what the server cannot know: its own socket, its own audio, and that the agent just hung up.
 */
export type AgentScreen = {
  readonly link: Link;
  /** The newest desk, with its epoch and sequence. */
  readonly epoch: string | undefined;
  readonly upTo: number;
  readonly desk: Desk | undefined;
  /** How far the server's clock is ahead of the browser's. */
  readonly clockOffsetMs: number | undefined;
  readonly masked: MaskedPop | undefined;
  readonly full: FullPop | undefined;
  /** The call hung up here, shown as ended before the server confirms it. */
  readonly hungUpCallId: string | undefined;
  readonly phone: Softphone;
  readonly microphone: 'unknown' | 'ready' | MicrophoneProblem;
  readonly muted: boolean;
  /** Whether the browser blocks sound until a click. */
  readonly soundBlocked: boolean;
  /** Whether this page opened the shift and so carries its audio. */
  readonly shiftOpenedHere: boolean;
  readonly notice: Notice | undefined;
};

export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly since: number }
  | { readonly kind: 'signed-out' }
  /** The agent works in another tab or browser. */
  | { readonly kind: 'elsewhere' };

export type Notice = {
  readonly tone: 'good' | 'bad';
  readonly code: string;
  readonly at: number;
  /** Disappears by itself, because missing it has no consequence; absent for notices that stay. */
  readonly isPassing?: true;
};

export type ScreenAction =
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'desk'; readonly message: DeskMessage; readonly at: number }
  | { readonly kind: 'pop'; readonly pop: Pop }
  | { readonly kind: 'pop-cleared'; readonly callId: string }
  /**
   * Changes nothing but draws again, so that React drops its previous drawing (agent-session.ts).
   */
  | { readonly kind: 'draw-again' }
  | { readonly kind: 'phone'; readonly phone: Softphone }
  | { readonly kind: 'microphone'; readonly microphone: AgentScreen['microphone'] }
  | { readonly kind: 'muted'; readonly muted: boolean }
  | { readonly kind: 'sound-blocked'; readonly blocked: boolean }
  | { readonly kind: 'shift-opened-here'; readonly opened: boolean }
  | { readonly kind: 'hung-up'; readonly callId: string }
  | { readonly kind: 'hang-up-refused'; readonly callId: string }
  | { readonly kind: 'notice'; readonly notice: Notice | undefined };

export const FIRST_SCREEN: AgentScreen = {
  link: { kind: 'connecting' },
  epoch: undefined,
  upTo: -1,
  desk: undefined,
  clockOffsetMs: undefined,
  masked: undefined,
  full: undefined,
  hungUpCallId: undefined,
  phone: { kind: 'off' },
  microphone: 'unknown',
  muted: false,
  soundBlocked: false,
  shiftOpenedHere: false,
  notice: undefined,
};

export function reduceScreen(screen: AgentScreen, action: ScreenAction): AgentScreen {
  switch (action.kind) {
    case 'link':
      // Further failures keep the beginning of the outage.
      if (action.link.kind === 'down' && screen.link.kind === 'down') return screen;
      return { ...screen, link: action.link };
    case 'desk':
      return withDesk(screen, action.message, action.at);
    case 'pop':
      return withPop(screen, action.pop);
    case 'pop-cleared':
      return withoutPop(screen, action.callId);
    case 'draw-again':
      return { ...screen };
    case 'phone':
      return { ...screen, phone: action.phone };
    case 'microphone':
      return { ...screen, microphone: action.microphone };
    case 'muted':
      return { ...screen, muted: action.muted };
    case 'sound-blocked':
      return screen.soundBlocked === action.blocked
        ? screen
        : { ...screen, soundBlocked: action.blocked };
    case 'shift-opened-here':
      return { ...screen, shiftOpenedHere: action.opened };
    case 'hung-up':
      return { ...screen, hungUpCallId: action.callId };
    case 'hang-up-refused':
      return screen.hungUpCallId === action.callId
        ? { ...screen, hungUpCallId: undefined }
        : screen;
    case 'notice':
      return { ...screen, notice: action.notice };
    default:
      return unreachable(action);
  }
}

/** A larger jump means that a clock was set; smaller differences come from the network. */
const CLOCK_JUMP_MS = 1_000;

function withDesk(screen: AgentScreen, message: DeskMessage, at: number): AgentScreen {
  const sameEpoch = message.epoch === screen.epoch;
  if (sameEpoch && message.upTo < screen.upTo) return screen;
  const { desk } = message;
  const ended = desk.call?.state === 'ended' || desk.call?.callId !== screen.hungUpCallId;
  return {
    ...screen,
    epoch: message.epoch,
    upTo: message.upTo,
    desk,
    clockOffsetMs: clockOffset(screen.clockOffsetMs, desk.serverNow - at),
    hungUpCallId: ended ? undefined : screen.hungUpCallId,
    ...popsOf(screen, desk),
  };
}

/** The pops whose card is still open on the server; the others are dropped from the page. */
function popsOf({ masked, full }: AgentScreen, { shift, call }: Desk): Pick<AgentScreen, Pops> {
  const openId = shift !== null && call && call.rightParty !== null ? call.callId : undefined;
  return {
    masked: masked?.callId === openId ? masked : undefined,
    full: full?.callId === openId ? full : undefined,
  };
}

type Pops = 'masked' | 'full';

/**
 * A slow message makes the server's clock look late, so the largest offset is the best estimate.
 */
function clockOffset(known: number | undefined, measured: number): number {
  if (known === undefined || Math.abs(measured - known) > CLOCK_JUMP_MS) return measured;
  return Math.max(known, measured);
}

function withPop(screen: AgentScreen, pop: Pop): AgentScreen {
  if (pop.stage === 'full') return { ...screen, full: pop };
  // Also replaces a full pop of the same call, because the confirmation was withdrawn.
  return { ...screen, masked: pop, full: undefined };
}

function withoutPop(screen: AgentScreen, callId: string): AgentScreen {
  if (screen.masked?.callId !== callId && screen.full?.callId !== callId) return screen;
  return {
    ...screen,
    masked: screen.masked?.callId === callId ? undefined : screen.masked,
    full: screen.full?.callId === callId ? undefined : screen.full,
  };
}

// ── what the screen shows ───────────────────────────────────────────────────────────────────────

/** The agent's state, as the chip shows it. Times are the server's. */
export type Standing =
  | { readonly kind: 'no-shift' }
  /** The audio is being connected. */
  | { readonly kind: 'preparing'; readonly since: number }
  /** The audio is connected, but the agent has not asked for calls yet. */
  | { readonly kind: 'not-ready'; readonly since: number }
  | { readonly kind: 'available'; readonly since: number }
  /** Ready, but without audio: no call comes. */
  | { readonly kind: 'deaf'; readonly since: number }
  | { readonly kind: 'reserved'; readonly since: number }
  | { readonly kind: 'talking'; readonly since: number; readonly callId: string }
  | {
      readonly kind: 'wrapping-up';
      readonly since: number | undefined;
      /** Undefined between hanging up here and the server's confirmation. */
      readonly until: number | undefined;
      readonly callId: string;
      readonly disposed: boolean;
      readonly extended: boolean;
    }
  | {
      readonly kind: 'undisposed';
      readonly since: number;
      readonly until: number;
      readonly callId: string;
    }
  | Extract<Activity, { kind: 'paused' }>
  | { readonly kind: 'ended'; readonly because: string };

/**
 * The one state shown by the header, the middle and the tab's title, so that they never differ. It
 * follows the server, the page's own audio, and a pop that arrived before its desk.
 */
export function standingOf(screen: AgentScreen): Standing {
  const shift = screen.desk?.shift;
  if (!shift) return { kind: 'no-shift' };
  const { activity, headsetPinned } = shift;
  switch (activity.kind) {
    case 'preparing':
      return { kind: headsetPinned ? 'not-ready' : 'preparing', since: activity.since };
    case 'available': {
      const { since } = activity;
      if (isArriving(screen)) return { kind: 'reserved', since };
      return { kind: headsetPinned ? 'available' : 'deaf', since };
    }
    case 'reserved':
    case 'paused':
    case 'ended':
      return activity;
    case 'wrapping-up':
    case 'undisposed':
      return activity;
    case 'talking':
      if (activity.callId === screen.hungUpCallId) {
        return {
          kind: 'wrapping-up',
          since: undefined,
          until: undefined,
          callId: activity.callId,
          disposed: false,
          extended: true,
        };
      }
      return activity;
    default:
      return unreachable(activity);
  }
}

/** Whether a pop arrived before the desk of its call. */
function isArriving(screen: AgentScreen): boolean {
  const pop = screen.full ?? screen.masked;
  return pop !== undefined && pop.callId !== screen.desk?.call?.callId;
}

/** The call on the screen: the desk's, or one whose pop arrived before the desk. */
export type ShownCall = {
  readonly callId: string;
  readonly state: DeskCall['state'];
  /** Null when the card of a call that was taken back is closed. */
  readonly phone: string | null;
  /** The extension to ask for at the switchboard; null without one. */
  readonly extension: string | null;
  readonly call: DeskCall | undefined;
};

export function shownCall(screen: AgentScreen): ShownCall | undefined {
  const call = screen.desk?.call ?? undefined;
  const pop = screen.full ?? screen.masked;
  if (pop && pop.callId !== call?.callId) {
    const { callId, dialedPhone: phone, dialedExtension: extension } = pop;
    return { callId, state: 'talking', phone, extension, call: undefined };
  }
  if (!call) return undefined;
  const state = call.callId === screen.hungUpCallId ? 'ended' : call.state;
  return {
    ...{ callId: call.callId, state, phone: call.phone, call },
    extension: pop?.dialedExtension ?? null,
  };
}

/** Whether the call on the screen lacks its disposition and may get it now. */
export function mayDispose(screen: AgentScreen): boolean {
  const shown = shownCall(screen);
  if (!shown || !screen.desk?.shift || recordedDisposition(screen) !== null) return false;
  const standing = standingOf(screen);
  if (
    standing.kind === 'talking' ||
    standing.kind === 'wrapping-up' ||
    standing.kind === 'undisposed'
  ) {
    return standing.callId === shown.callId;
  }
  // After the wrap-up a missing one may be recorded until the next call takes the screen.
  return shown.call?.state === 'ended' && standing.kind !== 'ended';
}

/** Code of the disposition recorded for the call on the screen; null without one. */
export function recordedDisposition(screen: AgentScreen): string | null {
  return shownCall(screen)?.call?.disposition ?? null;
}

/** Whether the right party is confirmed in the call on the screen. */
export function isRightParty(screen: AgentScreen): boolean {
  const shown = shownCall(screen);
  if (!shown) return false;
  return shown.call?.rightPartyConfirmed ?? screen.full?.callId === shown.callId;
}

/** Whether the right party of the call on the screen may be confirmed now. */
export function mayConfirm(screen: AgentScreen): boolean {
  const check = screen.desk?.call?.rightParty;
  if (!check || check.refusal !== null || !canBeConfirmed(check)) return false;
  return !isRightParty(screen) && mayDispose(screen);
}

/**
 * The problem's code when it may not be confirmed; undefined when it may, or when there is no one
 * to confirm.
 */
export function whyNotConfirm(screen: AgentScreen): string | undefined {
  const check = screen.desk?.call?.rightParty;
  if (!check || isRightParty(screen)) return undefined;
  return check.refusal ?? (canBeConfirmed(check) ? undefined : 'evidence-missing');
}

/**
 * Whether the dialer took the call back because a machine answered. Then the agent has nothing to
 * record.
 */
export function isTakenBack(screen: AgentScreen): boolean {
  const call = shownCall(screen)?.call;
  return call?.ending?.outcome === 'machine' && call.disposition === null;
}

export type Announced = 'sign-out' | 'pause' | 'rest';

/** What the agent asked for and may take back; the latest request comes first. */
export function announcedOf({ desk }: AgentScreen): Announced | undefined {
  if (!desk?.shift || desk.shift.activity.kind === 'ended') return undefined;
  const { signOutAsked, pauseAsked, restsAt, bySupervisor } = desk.shift;
  if (signOutAsked !== null && !bySupervisor.signOut) return 'sign-out';
  if (pauseAsked !== null && !bySupervisor.pause) return 'pause';
  return restsAt === null || bySupervisor.rest ? undefined : 'rest';
}

/**
 * Whether a call is on the line, arriving, or waiting for its disposition. Leaving then asks first
 * and waits for its end.
 */
export function hasCallInHand(screen: AgentScreen): boolean {
  const standing = standingOf(screen);
  if (standing.kind === 'wrapping-up') return !standing.disposed;
  return (
    standing.kind === 'talking' || standing.kind === 'reserved' || standing.kind === 'undisposed'
  );
}

/** Whether a person is on the line now. */
export function isOnTheLine(screen: AgentScreen): boolean {
  const shown = shownCall(screen);
  return shown !== undefined && shown.state !== 'ended';
}

/** Whether both the page and the server see the headset in the agent's bridge. */
export function isHeard(screen: AgentScreen): boolean {
  return carriesAudio(screen.phone) && screen.desk?.shift?.headsetPinned === true;
}

export type Chime = 'connect' | 'end';

/** The sound of a change. A reload during a call and the very first desk make none. */
export function chimeOf(before: AgentScreen, after: AgentScreen): Chime | undefined {
  if (before.desk === undefined) return undefined;
  const was = shownCall(before);
  const is = shownCall(after);
  if (is?.state === 'talking' && !(was?.callId === is.callId && wasOnTheLine(was))) {
    return 'connect';
  }
  if (was && wasOnTheLine(was) && is?.callId === was.callId && is.state === 'ended') return 'end';
  return undefined;
}

function wasOnTheLine(call: ShownCall): boolean {
  return call.state === 'talking' || call.state === 'stranded';
}

/** End of a supervisor's pause: a moment, or `released` when the supervisor must end it. */
export function keptBySupervisor(standing: Standing): number | 'released' | undefined {
  if (standing.kind !== 'paused' || standing.by === undefined) return undefined;
  return standing.keptUntil ?? 'released';
}
