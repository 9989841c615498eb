import { IconLogout } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut } from '../live/session.ts';
import { Question } from '../ui/dialog.tsx';
import { AnnouncedByAgent, AnnouncedBySupervisor } from './announced.tsx';
import { useAgentSession, useScreen } from './context.ts';
import { type AgentScreen, hasCallInHand } from './screen.ts';

export type Leaving = {
  /** Whether the agent, who has a call in hand, is being asked to leave after it. */
  readonly isAsking: boolean;
  /** Leaves, or asks first when a call is in hand. */
  ask(): void;
  /** Leaves now, or after the call in hand. */
  confirm(): void;
  cancel(): void;
};

/**
 * Leaving the shift. The server ends it only without a call in hand, so the page leaves when it
 * sees that the shift is over: at once, after the call, or after a reload in between.
 */
export function useLeaving(): Leaving {
  const session = useAgentSession();
  const screen = useScreen();
  const [isAsking, setAsking] = useState(false);
  const isWanted = useRef(false);
  const isOver = isShiftOver(screen);
  const isAsked = screen.desk?.shift?.signOutAsked === 'signed-out';
  const wasAsked = useRef(false);
  useEffect(() => {
    if (!isOver) wasAsked.current = isAsked;
    if (isOver && (isWanted.current || wasAsked.current)) void go(session);
  }, [isOver, isAsked, session]);
  const confirm = () => {
    setAsking(false);
    if (isOver) return void go(session);
    isWanted.current = true;
    void session.commands.endShift().then((done) => {
      // From here on the desk shows the request, and the agent may take it back.
      if (!done || hasCallInHand(session.screen.get())) isWanted.current = false;
    });
  };
  return {
    isAsking,
    ask: () => (hasCallInHand(screen) ? setAsking(true) : confirm()),
    confirm,
    cancel: () => setAsking(false),
  };
}

function isShiftOver({ desk }: AgentScreen): boolean {
  return desk !== undefined && (!desk.shift || desk.shift.activity.kind === 'ended');
}

async function go(session: ReturnType<typeof useAgentSession>): Promise<void> {
  session.leave();
  await signOut();
  location.assign('/entrar');
}

/** Asks before leaving. It says that the call goes on and that typed text is not lost. */
export function LeaveDialog(props: { readonly leaving: Leaving }) {
  const { t } = useTranslation();
  const { leaving } = props;
  return (
    <Question
      title={t('agent.leave.title')}
      words={t('agent.leave.words')}
      yes={t('agent.leave.afterCall')}
      no={t('agent.leave.stay')}
      icon={<IconLogout size={16} />}
      onYes={leaving.confirm}
      onNo={leaving.cancel}
    />
  );
}

/**
 * The end of the shift that waits for the call, and how to take it back if the agent asked for it.
 */
export function LeavingAfterCall(props: { readonly screen: AgentScreen; readonly keys: string }) {
  const { t } = useTranslation();
  const { commands } = useAgentSession();
  const shift = props.screen.desk?.shift;
  if (!shift?.signOutAsked) return null;
  const words = t('agent.bar.leavesAfterCall');
  if (shift.bySupervisor.signOut) return <AnnouncedBySupervisor words={words} />;
  return (
    <AnnouncedByAgent
      words={words}
      icon={<IconLogout size={16} />}
      hint={t('agent.bar.takeSignOutBack', { key: props.keys })}
      takeBack={() => void commands.takeSignOutBack()}
    />
  );
}
