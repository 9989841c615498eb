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
 * What the agent's page knows. One reducer; the server is the authority, and the page adds only what
 * the server cannot know: its own socket, its own audio, and that the agent just hung up.
 */
export type AgentScreen = {
  readonly link: Link;
  /** The newest desk, with the place in the order of the server's process. */
  readonly epoch: string | undefined;
  readonly upTo: number;
  readonly desk: Desk | undefined;
  /** How far the server's clock is ahead of the browser's. */
  readonly clockOffsetMs: number | undefined;
  readonly masked: MaskedPop | undefined;
  readonly full: FullPop | undefined;
  /** Hung up here; shown at once, before the server says so. */
  readonly hungUpCallId: string | undefined;
  readonly phone: Softphone;
  readonly microphone: 'unknown' | 'ready' | MicrophoneProblem;
  readonly muted: boolean;
  /** The browser makes no sound before somebody clicks. */
  readonly soundBlocked: boolean;
  /** This page has opened the shift, so its audio is this shift's. */
  readonly shiftOpenedHere: boolean;
  readonly notice: Notice | undefined;
};

export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly since: number }
  | { readonly kind: 'signed-out' }
  /** Another tab, of this browser or another, works for this agent. */
  | { readonly kind: 'elsewhere' };

export type Notice = {
  readonly tone: 'good' | 'bad';
  readonly code: string;
  readonly at: number;
  /** Goes by itself: nothing was asked of the server, and nothing is lost by not reading it. */
  readonly isPassing?: true;
};

export type ScreenAction =
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'desk'; readonly message: DeskMessage; readonly at: number }
  | { readonly kind: 'pop'; readonly pop: Pop }
  | { readonly kind: 'pop-cleared'; readonly callId: string }
  /** Nothing is another; what draws the screen lets go of the one before (agent-session.ts). */
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
      // Further failures do not change since when the server is missing.
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

/** A clock that jumps by more than this was set anew; smaller differences are the network's. */
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

/** The cards that are open on the server: nothing of a call stays in the page behind its wrap-up. */
function popsOf({ masked, full }: AgentScreen, { shift, call }: Desk): Pick<AgentScreen, Pops> {
  const openId = shift !== null && call && call.rightParty !== null ? call.callId : undefined;
  return {
    masked: masked?.callId === openId ? masked : undefined,
    full: full?.callId === openId ? full : undefined,
  };
}

type Pops = 'masked' | 'full';

/** A message that took longer makes the server look late, so the largest offset is the truest. */
function clockOffset(known: number | undefined, measured: number): number {
  if (known === undefined || Math.abs(measured - known) > CLOCK_JUMP_MS) return measured;
  return Math.max(known, measured);
}

function withPop(screen: AgentScreen, pop: Pop): AgentScreen {
  if (pop.stage === 'full') return { ...screen, full: pop };
  // Also of a call whose full one was here: the confirmation was withdrawn.
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

/** Where the agent stands, as the chip says it. Times are the server's. */
export type Standing =
  | { readonly kind: 'no-shift' }
  /** The audio is being connected. */
  | { readonly kind: 'preparing'; readonly since: number }
  /** The audio is connected, and nobody has said yet that calls may come. */
  | { readonly kind: 'not-ready'; readonly since: number }
  | { readonly kind: 'available'; readonly since: number }
  /** Ready, but without audio: no call comes. */
  | { readonly kind: 'deaf'; readonly since: number }
  | { readonly kind: 'reserved'; readonly since: number }
  | { readonly kind: 'talking'; readonly since: number; readonly callId: string }
  | {
      readonly kind: 'wrapping-up';
      readonly since: number | undefined;
      /** Unknown for the moment between hanging up here and the server's word. */
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
 * The one state that the header, the middle and the tab's title tell, so that no two of them differ. It
 * follows what the server says, what the page alone knows of its audio, and a pop that came first.
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

/** The pop of a call is here and the desk that tells of it is still on its way. */
function isArriving(screen: AgentScreen): boolean {
  const pop = screen.full ?? screen.masked;
  return pop !== undefined && pop.callId !== screen.desk?.call?.callId;
}

/** The call on the screen: the server's, or the one whose pop came a moment before the desk did. */
export type ShownCall = {
  readonly callId: string;
  readonly state: DeskCall['state'];
  /** Null once the card of a call that was taken back is closed. */
  readonly phone: string | null;
  /** To be asked for at the switchboard. */
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
  // After the wrap-up a missing one is made up for until the next call takes the screen.
  return shown.call?.state === 'ended' && standing.kind !== 'ended';
}

/** The code that the server has for the call on the screen. */
export function recordedDisposition(screen: AgentScreen): string | null {
  return shownCall(screen)?.call?.disposition ?? null;
}

/** The agent confirmed who the person of the call on the screen is. */
export function isRightParty(screen: AgentScreen): boolean {
  const shown = shownCall(screen);
  if (!shown) return false;
  return shown.call?.rightPartyConfirmed ?? screen.full?.callId === shown.callId;
}

/** It may be confirmed now that the call on the screen is with the right person. */
export function mayConfirm(screen: AgentScreen): boolean {
  const check = screen.desk?.call?.rightParty;
  if (!check || check.refusal !== null || !canBeConfirmed(check)) return false;
  return !isRightParty(screen) && mayDispose(screen);
}

/** Why it may not, as the code of a problem; undefined where it may, or where there is nobody to confirm. */
export function whyNotConfirm(screen: AgentScreen): string | undefined {
  const check = screen.desk?.call?.rightParty;
  if (!check || isRightParty(screen)) return undefined;
  return check.refusal ?? (canBeConfirmed(check) ? undefined : 'evidence-missing');
}

/** The dialer took the call back because a machine had answered: nothing is asked of the agent. */
export function isTakenBack(screen: AgentScreen): boolean {
  const call = shownCall(screen)?.call;
  return call?.ending?.outcome === 'machine' && call.disposition === null;
}

export type Announced = 'sign-out' | 'pause' | 'rest';

/** What the agent asked for and may take back: the one that was asked for last of all comes first. */
export function announcedOf({ desk }: AgentScreen): Announced | undefined {
  if (!desk?.shift || desk.shift.activity.kind === 'ended') return undefined;
  const { signOutAsked, pauseAsked, restsAt, bySupervisor } = desk.shift;
  if (signOutAsked !== null && !bySupervisor.signOut) return 'sign-out';
  if (pauseAsked !== null && !bySupervisor.pause) return 'pause';
  return restsAt === null || bySupervisor.rest ? undefined : 'rest';
}

/** Somebody is on the line, comes, or waits to be recorded: whoever leaves is asked, and leaves after it. */
export function hasCallInHand(screen: AgentScreen): boolean {
  const standing = standingOf(screen);
  if (standing.kind === 'wrapping-up') return !standing.disposed;
  return (
    standing.kind === 'talking' || standing.kind === 'reserved' || standing.kind === 'undisposed'
  );
}

/** A person is on the line now. */
export function isOnTheLine(screen: AgentScreen): boolean {
  const shown = shownCall(screen);
  return shown !== undefined && shown.state !== 'ended';
}

/** The headset is in the agent's bridge, as both the page and the server see it. */
export function isHeard(screen: AgentScreen): boolean {
  return carriesAudio(screen.phone) && screen.desk?.shift?.headsetPinned === true;
}

export type Chime = 'connect' | 'end';

/** The sound a change makes. A reload in a call, or the first desk of all, makes none. */
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

/** Until when a supervisor's pause keeps the agent: the time, or until they are released. */
export function keptBySupervisor(standing: Standing): number | 'released' | undefined {
  if (standing.kind !== 'paused' || standing.by === undefined) return undefined;
  return standing.keptUntil ?? 'released';
}
