import { unreachable } from '../../lib/assert.ts';
import type {
  Board,
  BoardCampaign,
  BoardMessage,
  LogLine,
  LogMessage,
  SupervisorSnapshot,
} from '../../protocol/supervisor.ts';

/** What the supervisor's page knows, kept by one reducer. The server is the authority. */
export type SupervisorScreen = {
  /** `elsewhere`: the person opened too many pages, and this oldest one ended. */
  readonly link: 'connecting' | 'up' | 'down' | 'signed-out' | 'elsewhere';
  readonly board: Board | undefined;
  /** When the newest board came by the browser's clock, and the offset to the server's clock. */
  readonly boardAt: number | undefined;
  readonly clockOffsetMs: number | undefined;
  readonly epoch: string | undefined;
  /** Sequence of the newest log line seen, within the epoch. */
  readonly logUpTo: number;
  readonly log: readonly LogLine[];
  readonly omitted: number;
  /** Whether lines were missed, so that a snapshot is needed. */
  readonly gap: boolean;
};

export type SupervisorAction =
  | { readonly kind: 'link'; readonly link: SupervisorScreen['link'] }
  | { readonly kind: 'board'; readonly message: BoardMessage; readonly at: number }
  | { readonly kind: 'log'; readonly message: LogMessage }
  | { readonly kind: 'snapshot'; readonly snapshot: SupervisorSnapshot; readonly at: number };

export const FIRST_SUPERVISOR_SCREEN: SupervisorScreen = {
  link: 'connecting',
  board: undefined,
  boardAt: undefined,
  clockOffsetMs: undefined,
  epoch: undefined,
  logUpTo: -1,
  log: [],
  omitted: 0,
  gap: true,
};

/** Lines kept in the page; older ones are in the server's facts. */
export const LOG_LINES_MAX = 500;
/** After this time without a board the numbers are greyed out and show their time. */
export const STALE_AFTER_MS = 5_000;

export function reduceSupervisor(
  screen: SupervisorScreen,
  action: SupervisorAction,
): SupervisorScreen {
  switch (action.kind) {
    case 'link':
      return { ...screen, link: action.link, gap: screen.gap || action.link !== 'up' };
    case 'board':
      return withBoard(screen, action.message.board, action.at);
    case 'log':
      return withLog(screen, action.message);
    case 'snapshot':
      return {
        ...withBoard(screen, action.snapshot.board, action.at),
        epoch: action.snapshot.epoch,
        logUpTo: action.snapshot.upTo,
        log: newest(action.snapshot.log),
        omitted: 0,
        gap: false,
      };
    default:
      return unreachable(action);
  }
}

function withBoard(screen: SupervisorScreen, board: Board, at: number): SupervisorScreen {
  return { ...screen, board, boardAt: at, clockOffsetMs: board.serverNow - at };
}

/** Adds lines that follow the last one seen. Anything else is a gap, which a snapshot closes. */
function withLog(screen: SupervisorScreen, message: LogMessage): SupervisorScreen {
  if (screen.gap) return screen;
  if (message.epoch !== screen.epoch || message.after > screen.logUpTo) {
    return { ...screen, gap: true };
  }
  if (message.upTo <= screen.logUpTo) return screen;
  const fresh = message.lines.filter((line) => line.sequence > screen.logUpTo);
  return {
    ...screen,
    logUpTo: message.upTo,
    log: newest([...screen.log, ...fresh]),
    omitted: screen.omitted + message.omitted,
  };
}

function newest(lines: readonly LogLine[]): readonly LogLine[] {
  return lines.slice(-LOG_LINES_MAX);
}

// ── numbers ─────────────────────────────────────────────────────────────────────────────────────

type Shift = NonNullable<Board['agents'][number]['shift']>;

/** The strip over everything. */
export type FloorTotals = {
  readonly signedIn: number;
  readonly talking: number;
  readonly free: number;
  readonly wrappingUp: number;
  readonly undisposed: number;
  readonly paused: number;
  readonly absent: number;
  readonly linesNow: number;
  readonly linesMax: number;
  readonly waiting: number;
  /** The campaign nearest to its cap. Caps are per campaign, so there is no total. */
  readonly tightest: BoardCampaign | undefined;
};

export function floorTotals(board: Board): FloorTotals {
  const shifts = board.agents.flatMap((agent) =>
    agent.shift && agent.shift.activity.kind !== 'ended' ? [agent.shift] : [],
  );
  const doing = (...kinds: readonly string[]) =>
    shifts.filter((shift) => kinds.includes(shift.activity.kind)).length;
  const sum = (pick: (campaign: BoardCampaign) => number) =>
    board.campaigns.reduce((total, campaign) => total + pick(campaign), 0);
  const present = (shift: (typeof shifts)[number]) => shift.screenConnected && shift.headsetPinned;
  return {
    signedIn: shifts.length,
    talking: doing('talking', 'reserved'),
    free: shifts.filter((shift) => shift.activity.kind === 'available' && present(shift)).length,
    wrappingUp: doing('wrapping-up'),
    undisposed: shifts.filter(isUndisposed).length,
    paused: shifts.filter((shift) => !isUndisposed(shift)).filter(isPaused).length,
    absent: shifts.filter((shift) => shift.activity.kind === 'available' && !present(shift)).length,
    linesNow: board.trunks.reduce((total, trunk) => total + trunk.callsNow, 0),
    linesMax: board.trunks.reduce((total, trunk) => total + trunk.channelsMax, 0),
    waiting: sum((campaign) => campaign.live.waiting),
    tightest: tightestOf(board.campaigns),
  };
}

/** Whether the agent's last call lacks its disposition; they get no other call until it has one. */
export function isUndisposed({ activity }: Pick<Shift, 'activity'>): boolean {
  if (activity.kind === 'paused') return activity.reason === 'disposition-missing';
  return activity.kind === 'undisposed';
}

function isPaused({ activity }: Shift): boolean {
  return activity.kind === 'paused' || activity.kind === 'preparing';
}

function tightestOf(campaigns: readonly BoardCampaign[]): BoardCampaign | undefined {
  const asked = campaigns.filter(({ abandonment }) => abandonment.answers > 0);
  return asked.toSorted((a, b) => b.abandonment.budgetUsed - a.abandonment.budgetUsed)[0];
}

export type WaterfallStep = {
  readonly kind: 'total' | 'finished' | 'suppressed' | 'held' | 'dialing' | 'due';
  readonly reason?: string;
  readonly leads: number;
  readonly nextAt?: number;
};

/**
 * From all leads down to those that may be dialed now. A difference that does not add up is shown.
 */
export function waterfall(campaign: BoardCampaign): {
  readonly steps: readonly WaterfallStep[];
  readonly unexplained: number;
} {
  const { leads } = campaign;
  const held = [...leads.held]
    .sort((a, b) => b.leads - a.leads)
    .map((one) => ({
      kind: 'held' as const,
      reason: one.reason,
      leads: one.leads,
      nextAt: one.nextAt,
    }));
  const taken =
    leads.finished +
    leads.suppressed +
    leads.dialing +
    held.reduce((total, one) => total + one.leads, 0);
  return {
    steps: [
      { kind: 'total', leads: leads.total },
      { kind: 'finished', leads: leads.finished },
      { kind: 'suppressed', leads: leads.suppressed },
      ...held,
      { kind: 'dialing', leads: leads.dialing },
      { kind: 'due', leads: leads.due },
    ],
    unexplained: leads.total - taken - leads.due,
  };
}
