import { Button } from '@mantine/core';
import {
  IconHeadphonesOff,
  IconPhoneX,
  IconPlugConnectedX,
  IconVolumeOff,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import parts from '../ui/parts.module.css';
import { cx, Elapsed } from '../ui/parts.tsx';
import styles from './agent.module.css';
import { useAgentSession, useScreen } from './context.ts';
import { type AgentScreen, isHeard, isOnTheLine, standingOf } from './screen.ts';

/**
 * Shows what is broken, over the full width, until it is repaired. Never a dialog, because the work
 * below goes on.
 */
export function Alarms() {
  const screen = useScreen();
  return (
    <div role="alert">
      {screen.link.kind === 'down' && <NoServer since={screen.link.since} />}
      {audioIsMissing(screen) && <NoAudio screen={screen} />}
      {screen.soundBlocked && screen.microphone === 'ready' && <SoundBlocked />}
      {screen.desk?.telephonyUp === false && <NoTelephony />}
    </div>
  );
}

/** Whether audio is missing; false while the shift's first audio is still being connected. */
function audioIsMissing(screen: AgentScreen): boolean {
  const standing = standingOf(screen);
  if (standing.kind === 'no-shift' || standing.kind === 'ended') return false;
  if (isHeard(screen)) return false;
  if (!screen.shiftOpenedHere) return isOnTheLine(screen);
  const starting = screen.phone.kind === 'opening' || screen.phone.kind === 'calling';
  return !(standing.kind === 'preparing' && starting);
}

function NoServer(props: { readonly since: number }) {
  const { t } = useTranslation();
  return (
    <div className={cx(styles.alarm, parts.bad)}>
      <IconPlugConnectedX size={20} />
      <strong>{t('agent.alarm.server')}</strong>
      <p>{t('agent.alarm.serverHint')}</p>
      <Elapsed since={props.since} offsetMs={0} />
    </div>
  );
}

function NoAudio(props: { readonly screen: AgentScreen }) {
  const { t } = useTranslation();
  const { audio } = useAgentSession();
  const { phone, microphone } = props.screen;
  const hint =
    phone.kind === 'no-microphone'
      ? t('agent.alarm.microphoneGone')
      : microphone !== 'ready' && microphone !== 'unknown'
        ? t(`agent.check.problem.${microphone}`)
        : isOnTheLine(props.screen)
          ? t('agent.alarm.audioHintInCall')
          : t('agent.alarm.audioHint');
  const trying = phone.kind === 'opening' || phone.kind === 'calling';
  return (
    <div className={cx(styles.alarm, parts.bad)}>
      <IconHeadphonesOff size={20} />
      <strong>{t('agent.alarm.audio')}</strong>
      <p>{hint}</p>
      <Button variant="white" color="dark" disabled={trying} onClick={() => void audio.retry()}>
        {t('agent.alarm.reconnect')}
      </Button>
    </div>
  );
}

function SoundBlocked() {
  const { t } = useTranslation();
  const { audio } = useAgentSession();
  return (
    <div className={cx(styles.alarm, parts.warn)}>
      <IconVolumeOff size={20} />
      <p>{t('agent.alarm.soundBlocked')}</p>
      <Button variant="filled" color="dark" onClick={() => void audio.unblock()}>
        {t('agent.alarm.soundBlockedAct')}
      </Button>
    </div>
  );
}

function NoTelephony() {
  const { t } = useTranslation();
  return (
    <div className={cx(styles.alarm, parts.warn)}>
      <IconPhoneX size={20} />
      <strong>{t('agent.alarm.telephony')}</strong>
      <p>{t('agent.alarm.telephonyHint')}</p>
    </div>
  );
}
