import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../protocol/common.ts';
import { useWords } from '../i18n/codes.ts';
import { useStore } from '../live/store.ts';
import { formatHour } from '../ui/format.ts';
import { Announce, NoticeBar } from '../ui/parts.tsx';
import { type AgentAction, type AgentActionId, agentActions } from './actions.ts';
import styles from './agent.module.css';
import { type AgentSession, createAgentSession } from './agent-session.ts';
import { Alarms } from './alarms.tsx';
import { AudioCheck } from './audio-check.tsx';
import { CallColumn } from './call-column.tsx';
import { AgentSessionContext, useAgentSession, useScreen } from './context.ts';
import { DebtorColumn } from './debtor-column.tsx';
import { focusForm } from './focus-form.ts';
import { FootKeys } from './foot-keys.tsx';
import { LeaveDialog, useLeaving } from './leaving.tsx';
import { exposeMeasures } from './measures.ts';
import type { PauseOpen } from './pause-control.tsx';
import { ResultColumn } from './result-column.tsx';
import {
  type AgentScreen,
  hasCallInHand,
  isOnTheLine,
  isRightParty,
  mayDispose,
  shownCall,
} from './screen.ts';
import { ShiftOver } from './shift-over.tsx';
import { TopBar } from './top-bar.tsx';
import { useAgentKeys } from './use-agent-keys.ts';
import { type DraftBoard, useDraft } from './use-draft.ts';
import { useEvidence } from './use-evidence.ts';
import { useTabTitle } from './use-tab-title.ts';
import { WithdrawQuestion } from './withdraw-question.tsx';

/** The agent's page. One session for the life of the page; everything below only draws. */
export function AgentConsole(props: { readonly user: User }) {
  const [session] = useState(() => createAgentSession(props.user.id));
  useEffect(() => {
    exposeMeasures(session);
    void session.start();
    const leave = () => session.headset.leave();
    // On Ctrl+W during a call the browser asks first.
    const ask = (event: BeforeUnloadEvent) => {
      if (hasCallInHand(session.screen.get())) event.preventDefault();
    };
    window.addEventListener('pagehide', leave);
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('beforeunload', ask);
    };
  }, [session]);
  return (
    <AgentSessionContext value={session}>
      <AgentPage user={props.user} session={session} />
    </AgentSessionContext>
  );
}

function AgentPage(props: { readonly user: User; readonly session: AgentSession }) {
  const screen = useStore(props.session.screen);
  useTabTitle(screen, props.user.name);
  const signedOut = screen.link.kind === 'signed-out';
  useEffect(() => {
    if (signedOut) location.assign('/entrar');
  }, [signedOut]);
  if (screen.link.kind === 'elsewhere') return <Elsewhere />;
  return <Desk user={props.user} />;
}

function Elsewhere() {
  const { t } = useTranslation();
  const session = useAgentSession();
  return (
    <div className={styles.page}>
      <main className={styles.stage}>
        <div className={styles.card}>
          <h1>{t('agent.elsewhere.title')}</h1>
          <p className={styles.dim}>{t('agent.elsewhere.lead')}</p>
          <Button size="md" onClick={session.takeHere} autoFocus>
            {t('agent.elsewhere.use')}
          </Button>
        </div>
      </main>
    </div>
  );
}

function Desk(props: { readonly user: User }) {
  const session = useAgentSession();
  const screen = useScreen();
  const board = useDraft(props.user.id);
  const evidence = useEvidence();
  const searchField = useRef<HTMLInputElement>(null);
  const [pauseOpen, setPauseOpen] = useState<PauseOpen>();
  const list = agentActions(session, screen, {
    focusSearch: () => searchField.current?.focus(),
    openEvidence: evidence.open,
    openPauseMenu: () => setPauseOpen('menu'),
    openRestForm: () => setPauseOpen('rest'),
    save: () => void board.save(),
  });
  const actions = byId(list);
  useThirdPartyPicked(screen, board);
  const isFormOpen = mayDispose(screen) && (board.disposition?.form ?? 'none') !== 'none';
  useAgentKeys(
    list,
    (digit) => {
      const wanted = screen.desk?.dispositions.find((one) => one.key === digit);
      if (!wanted || !mayDispose(screen)) return false;
      if (wanted.needsRightParty && !isRightParty(screen)) {
        session.commands.tellWhyNot('right-party-needed');
        return true;
      }
      board.pick(wanted.code);
      focusForm();
      return true;
    },
    isFormOpen,
    session.commands.tellWhyNot,
  );
  const leaving = useLeaving();
  return (
    <div className={styles.page}>
      <TopBar
        user={props.user}
        actions={actions}
        pauseOpen={pauseOpen}
        onPauseOpen={setPauseOpen}
        onSignOut={leaving.ask}
      />
      {leaving.isAsking && <LeaveDialog leaving={leaving} />}
      <Alarms />
      <Stage>
        <main className={styles.columns}>
          <DebtorColumn />
          <CallColumn confirm={actions.confirm} evidence={evidence} />
          <ResultColumn board={board} save={actions.save} searchField={searchField} />
        </main>
      </Stage>
      <FootKeys actions={list} />
      <WithdrawQuestion board={board} />
      <Notices />
      <Turns />
    </div>
  );
}

/** After three wrong answers the disposition for a third party is preselected. */
function useThirdPartyPicked(screen: AgentScreen, board: DraftBoard): void {
  const isThirdParty = screen.desk?.call?.rightParty?.refusal === 'third-party-call';
  const newest = useRef(board);
  newest.current = board;
  useEffect(() => {
    const { draft, pick } = newest.current;
    if (isThirdParty && draft?.code === undefined) pick('third-party');
  }, [isThirdParty]);
}

/** Time in which a reloaded page resumes its shift by itself; afterwards it asks. */
const RESUME_WITHIN_MS = 1_000;

/**
 * Shows the columns while this page has a shift with audio, or a call; otherwise the steps that
 * lead there.
 */
function Stage(props: { readonly children: React.ReactNode }) {
  const screen = useScreen();
  const { desk, shiftOpenedHere } = screen;
  const [resuming, setResuming] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setResuming(false), RESUME_WITHIN_MS);
    return () => clearTimeout(timer);
  }, []);
  if (desk === undefined || (resuming && desk.shift && !shiftOpenedHere && !isOnTheLine(screen))) {
    return <main className={styles.stage} />;
  }
  if (desk.shift?.activity.kind === 'ended') {
    return <ShiftOver because={desk.shift.activity.because} />;
  }
  if (!shiftOpenedHere && !isOnTheLine(screen))
    return <AudioCheck shiftIsOpen={desk.shift !== null} />;
  return props.children;
}

/** A success needs little reading time; a hint stays longer. */
const DONE_FOR_MS = 2_500;
const HINT_FOR_MS = 5_000;

function Notices() {
  const { t } = useTranslation();
  const words = useWords();
  const { commands } = useAgentSession();
  const { notice } = useScreen();
  if (!notice) return null;
  const text = notice.tone === 'good' ? t('agent.notice.disposed') : words('problem', notice.code);
  return (
    <NoticeBar
      key={notice.at}
      tone={notice.tone}
      text={text}
      dismissLabel={t('agent.notice.dismiss')}
      onDismiss={commands.dismissNotice}
      {...(notice.tone === 'good' ? { forMs: DONE_FOR_MS } : {})}
      {...(notice.isPassing ? { forMs: HINT_FOR_MS } : {})}
    />
  );
}

/** Announces the beginning and end of a call to screen readers. */
function Turns() {
  const { t } = useTranslation();
  const screen = useScreen();
  const shown = shownCall(screen);
  const name = screen.full?.debtor.name ?? screen.masked?.debtorName ?? '';
  const restsAt = screen.desk?.shift?.restsAt ?? null;
  return (
    <>
      <Announce>
        {shown?.state === 'talking' && t('agent.announce.connected', { name })}
        {shown?.state === 'ended' && t('agent.announce.ended')}
      </Announce>
      <Announce>
        {restsAt !== null && t('agent.announce.rest', { at: formatHour(restsAt) })}
      </Announce>
    </>
  );
}

function byId(list: readonly AgentAction[]): Readonly<Record<AgentActionId, AgentAction>> {
  return Object.fromEntries(list.map((action) => [action.id, action])) as Record<
    AgentActionId,
    AgentAction
  >;
}
