import { Button, Popover, UnstyledButton } from '@mantine/core';
import { IconMicrophone, IconMicrophoneOff, IconPhoneOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../protocol/common.ts';
import { useWords } from '../i18n/codes.ts';
import { Chip, Elapsed, Left, Meter, Status } from '../ui/parts.tsx';
import { UserMenu } from '../ui/user-menu.tsx';
import type { AgentAction, AgentActionId } from './actions.ts';
import styles from './agent.module.css';
import { DeviceChoice } from './audio-check.tsx';
import { useAgentSession, useScreen } from './context.ts';
import { LeavingAfterCall } from './leaving.tsx';
import { PauseControl, type PauseOpen } from './pause-control.tsx';
import { type AgentScreen, isHeard, isOnTheLine, type Standing, standingOf } from './screen.ts';
import { StandingIcon, toneOf } from './standing-look.tsx';

export function TopBar(props: {
  readonly user: User;
  readonly actions: Readonly<Record<AgentActionId, AgentAction>>;
  readonly pauseOpen: PauseOpen;
  readonly onPauseOpen: (open: PauseOpen) => void;
  readonly onSignOut: () => void;
}) {
  const { t } = useTranslation();
  const session = useAgentSession();
  const screen = useScreen();
  const { actions } = props;
  const standing = standingOf(screen);
  const inShift = (screen.shiftOpenedHere || isOnTheLine(screen)) && standing.kind !== 'ended';
  return (
    <header className={styles.bar}>
      <StandingChip screen={screen} standing={standing} />
      {actions.extend.enabled && (
        <Button variant="default" onClick={actions.extend.run} title={t('agent.bar.extendHint')}>
          {t('agent.bar.extend')}
        </Button>
      )}
      <CampaignName screen={screen} />
      <span className={styles.barSpace} />
      {inShift && (
        <>
          <LeavingAfterCall screen={screen} keys={actions.takeBack.keys.join(' / ')} />
          <Meter
            label={t('agent.bar.microphone')}
            title={t('agent.bar.microphoneLevel')}
            level={session.sound.outboundLevel}
          />
          <Meter
            label={t('agent.bar.volume')}
            title={t('agent.bar.volumeLevel')}
            level={session.sound.inboundLevel}
          />
          <AudioStatus screen={screen} />
          <ServerStatus screen={screen} />
          <ActionButton action={actions.mute} tone={screen.muted ? 'red' : undefined}>
            {screen.muted ? <IconMicrophoneOff size={16} /> : <IconMicrophone size={16} />}
          </ActionButton>
          <ActionButton action={actions.hangUp} tone="red">
            <IconPhoneOff size={16} />
          </ActionButton>
          <PauseControl
            screen={screen}
            standing={standing}
            actions={actions}
            open={props.pauseOpen}
            onOpen={props.onPauseOpen}
          />
        </>
      )}
      {!inShift && <ServerStatus screen={screen} />}
      <UserMenu user={props.user} signOutLabel={t('common.signOut')} onSignOut={props.onSignOut} />
    </header>
  );
}

function StandingChip(props: { readonly screen: AgentScreen; readonly standing: Standing }) {
  const { t } = useTranslation();
  const words = useWords();
  const { screen, standing } = props;
  const offsetMs = screen.clockOffsetMs;
  const limitMs =
    standing.kind === 'paused' ? (screen.desk?.pauseMaxMs[standing.reason] ?? null) : null;
  return (
    <Chip
      big
      tone={toneOf(standing, limitMs, offsetMs)}
      icon={<StandingIcon kind={standing.kind} size={18} />}
    >
      {t(`agent.standing.${standing.kind}`)}
      {standing.kind === 'paused' && <span>– {words('pause', standing.reason)}</span>}
      {standing.kind === 'wrapping-up' ? (
        <Left until={standing.until} offsetMs={offsetMs} />
      ) : (
        'since' in standing && <Elapsed since={standing.since} offsetMs={offsetMs} />
      )}
      {limitMs !== null && (
        <span>({t('agent.bar.pauseLimit', { minutes: Math.round(limitMs / 60_000) })})</span>
      )}
    </Chip>
  );
}

function CampaignName(props: { readonly screen: AgentScreen }) {
  const { t } = useTranslation();
  const campaigns = props.screen.desk?.campaigns ?? [];
  const pop = props.screen.full ?? props.screen.masked;
  const campaignId = pop?.campaignId ?? props.screen.desk?.call?.campaignId;
  const inCall = campaigns.find((campaign) => campaign.id === campaignId);
  const names = inCall ? inCall.name : campaigns.map((campaign) => campaign.name).join(' · ');
  return (
    <span className={styles.barCampaign} title={names}>
      {names === '' ? t('agent.bar.noCampaign') : names}
    </span>
  );
}

function AudioStatus(props: { readonly screen: AgentScreen }) {
  const { t } = useTranslation();
  const { screen } = props;
  const heard = isHeard(screen);
  const words =
    heard && screen.phone.kind !== 'up'
      ? t('agent.bar.audioAdrift')
      : heard
        ? t('agent.bar.audioUp')
        : t('agent.bar.audioDown');
  return (
    <Popover width={420} position="bottom" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton title={t('agent.bar.devices')} style={{ display: 'inline-flex' }}>
          <Status label={t('agent.bar.audio')} good={heard} title={words} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <DeviceChoice />
      </Popover.Dropdown>
    </Popover>
  );
}

function ServerStatus(props: { readonly screen: AgentScreen }) {
  const { t } = useTranslation();
  const up = props.screen.link.kind === 'up';
  return (
    <Status
      label={t('agent.bar.server')}
      good={up}
      title={up ? t('agent.bar.serverUp') : t('agent.bar.serverDown')}
    />
  );
}

function ActionButton(props: {
  readonly action: AgentAction;
  readonly tone: 'red' | undefined;
  readonly children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const { action } = props;
  return (
    <Button
      variant={props.tone && action.enabled ? 'filled' : 'default'}
      {...(props.tone ? { color: props.tone } : {})}
      disabled={!action.enabled}
      onClick={action.run}
      leftSection={props.children}
      title={action.keys.join(' / ')}
    >
      {t(action.label)}
    </Button>
  );
}
