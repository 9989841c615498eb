import type { ParseKeys } from 'i18next';
import type { AgentSession } from './agent-session.ts';
import {
  type AgentScreen,
  type Announced,
  announcedOf,
  isOnTheLine,
  isRightParty,
  keptBySupervisor,
  mayConfirm,
  mayDispose,
  shownCall,
  standingOf,
  whyNotConfirm,
} from './screen.ts';

/**
 * One action feeds its button, its line at the foot and its keys. Keys reserved by browsers are not
 * used (F1, F3, F5–F7, F10–F12, Ctrl+W/T/N). Notebooks without F-keys can use Alt and a letter.
 */
export type AgentActionId =
  | 'mute'
  | 'hangUp'
  | 'voicemail'
  | 'confirm'
  | 'search'
  | 'pause'
  | 'planRest'
  | 'takeBack'
  | 'ready'
  | 'extend'
  | 'save';

export type AgentAction = {
  readonly id: AgentActionId;
  readonly label: Extract<ParseKeys, `agent.keys.${string}`>;
  readonly keys: readonly string[];
  readonly enabled: boolean;
  /** Code of the problem shown when its keys are pressed while it is disabled. */
  readonly whyNot?: string | undefined;
  /** Its keys are shown beside its button and not at the foot; absent otherwise. */
  readonly quiet?: true;
  readonly run: () => void;
};

/** Parts of the page an action moves to. */
export type PageParts = {
  focusSearch(): void;
  openEvidence(): void;
  openPauseMenu(): void;
  openRestForm(): void;
  save(): void;
};

export function agentActions(
  session: AgentSession,
  screen: AgentScreen,
  parts: PageParts,
): readonly AgentAction[] {
  const { commands, audio } = session;
  const shown = shownCall(screen);
  const onTheLine = isOnTheLine(screen);
  return [
    {
      id: 'mute',
      label: screen.muted ? 'agent.keys.unmute' : 'agent.keys.mute',
      keys: ['F2', 'Alt+M'],
      enabled: onTheLine,
      run: () => audio.setMuted(!screen.muted),
    },
    {
      id: 'confirm',
      label: 'agent.keys.confirm',
      keys: ['F4', 'Alt+T'],
      enabled: mayConfirm(screen),
      whyNot: whyNotConfirm(screen),
      run: parts.openEvidence,
    },
    {
      id: 'hangUp',
      label: 'agent.keys.hangUp',
      keys: ['F8', 'Alt+D'],
      enabled: onTheLine,
      run: () => shown && void commands.hangUp(shown.callId),
    },
    {
      // One key: the server hangs up and records a machine.
      id: 'voicemail',
      label: 'agent.keys.voicemail',
      keys: ['F9', 'Alt+V'],
      enabled: mayDispose(screen) && !isRightParty(screen),
      run: () => shown && void commands.voicemail(shown.callId),
    },
    {
      id: 'search',
      label: 'agent.keys.search',
      keys: ['/'],
      enabled: mayDispose(screen),
      run: parts.focusSearch,
    },
    {
      id: 'save',
      label: 'agent.keys.save',
      keys: ['Ctrl+Enter'],
      enabled: mayDispose(screen),
      run: parts.save,
    },
    ...shiftActions(session, screen, parts),
  ];
}

const NOTHING_ASKED = { pause: false, rest: false, signOut: false };

function takeBack(commands: AgentSession['commands'], announced: Announced): void {
  if (announced === 'sign-out') void commands.takeSignOutBack();
  else if (announced === 'pause') void commands.takePauseBack();
  else void commands.planRest(null);
}

/** Working, resting, and announced rests. */
function shiftActions(
  { commands }: AgentSession,
  screen: AgentScreen,
  parts: PageParts,
): readonly AgentAction[] {
  const standing = standingOf(screen);
  const resting =
    standing.kind === 'paused' ||
    standing.kind === 'preparing' ||
    standing.kind === 'not-ready' ||
    (standing.kind === 'wrapping-up' && standing.disposed);
  const mayRest = screen.desk?.shift !== null && standing.kind !== 'ended';
  const announced = announcedOf(screen);
  const { pauseAsked = null, bySupervisor = NOTHING_ASKED } = screen.desk?.shift ?? {};
  const anyBySupervisor = Object.values(bySupervisor).some(Boolean);
  return [
    {
      id: 'extend',
      label: 'agent.keys.extend',
      keys: ['Alt+E'],
      enabled: standing.kind === 'wrapping-up' && !standing.extended,
      run: () => void commands.extendWrapUp(),
    },
    {
      id: 'pause',
      label: 'agent.keys.pause',
      keys: ['Alt+P'],
      // A pause already asked for replaces the list of reasons.
      enabled: mayRest && pauseAsked === null,
      whyNot: bySupervisor.pause ? 'asked-by-supervisor' : 'pause-asked',
      run: parts.openPauseMenu,
    },
    {
      id: 'planRest',
      label: 'agent.keys.planRest',
      keys: ['Alt+A'],
      quiet: true,
      // Choosing another hour would take back a supervisor's rest.
      enabled: mayRest && !bySupervisor.rest,
      whyNot: bySupervisor.rest ? 'asked-by-supervisor' : undefined,
      run: parts.openRestForm,
    },
    {
      id: 'takeBack',
      label: 'agent.keys.takeBack',
      keys: ['Alt+X'],
      quiet: true,
      enabled: announced !== undefined,
      whyNot: anyBySupervisor ? 'asked-by-supervisor' : undefined,
      run: () => announced && takeBack(commands, announced),
    },
    {
      id: 'ready',
      label: 'agent.keys.ready',
      keys: ['Alt+R'],
      // The server would refuse without audio and during a supervisor's pause.
      enabled:
        resting &&
        screen.desk?.shift?.headsetPinned === true &&
        keptBySupervisor(standing) !== 'released',
      run: () => void commands.goAvailable(),
    },
  ];
}
