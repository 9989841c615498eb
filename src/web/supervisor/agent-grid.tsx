import { ActionIcon, Menu, Switch } from '@mantine/core';
import {
  IconClockPause,
  IconCoffee,
  IconDeviceDesktop,
  IconDeviceDesktopOff,
  IconDotsVertical,
  IconHeadphones,
  IconHeadphonesOff,
  IconLogout,
  IconPlayerPause,
  IconPlayerPlay,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Board, BoardAgent } from '../../protocol/supervisor.ts';
import { useWords } from '../i18n/codes.ts';
import { Dialog, Question } from '../ui/dialog.tsx';
import { formatNear } from '../ui/format.ts';
import type { Tone } from '../ui/palette.ts';
import { Chip, Elapsed, Empty, Panel } from '../ui/parts.tsx';
import { pauseTone } from '../ui/pause-tone.ts';
import { RestForm } from '../ui/rest-form.tsx';
import { Scroll } from '../ui/scroll.tsx';
import styles from './supervisor.module.css';
import type { Steering } from './use-steering.tsx';

export function AgentGrid(props: {
  readonly board: Board;
  readonly offsetMs: number | undefined;
  readonly steering: Steering;
}) {
  const { t } = useTranslation();
  const [hideOff, setHideOff] = useState(true);
  const [restingId, setRestingId] = useState<string>();
  const [leavingId, setLeavingId] = useState<string>();
  const resting = props.board.agents.find((agent) => agent.id === restingId && isOn(agent));
  const leaving = props.board.agents.find((agent) => agent.id === leavingId && isOn(agent));
  const shown = sortedAgents(props.board).filter((agent) => !hideOff || isOn(agent));
  return (
    <Panel
      title={t('supervisor.agents.title')}
      plain
      aside={
        <Switch
          size="xs"
          label={t('supervisor.agents.hideOff')}
          checked={hideOff}
          onChange={(event) => setHideOff(event.currentTarget.checked)}
        />
      }
    >
      <Scroll label={t('supervisor.agents.title')} className={styles.scroll}>
        {shown.length === 0 && <Empty>{t('supervisor.agents.none')}</Empty>}
        {shown.map((agent) => (
          <AgentRow
            key={agent.id}
            agent={agent}
            onRest={() => setRestingId(agent.id)}
            onEndShift={() => setLeavingId(agent.id)}
            {...props}
          />
        ))}
      </Scroll>
      {leaving && (
        <Question
          isDangerous
          title={t('supervisor.agents.signOutConfirm', { name: leaving.name })}
          words={t('supervisor.agents.signOutHint')}
          yes={t('supervisor.agents.signOut')}
          no={t('common.cancel')}
          onYes={() => {
            setLeavingId(undefined);
            void props.steering.supervise(leaving.id, 'sign-out');
          }}
          onNo={() => setLeavingId(undefined)}
        />
      )}
      {resting && <RestDialog agent={resting} {...props} onClose={() => setRestingId(undefined)} />}
    </Panel>
  );
}

function isOn(agent: BoardAgent): boolean {
  return agent.shift !== null && agent.shift.activity.kind !== 'ended';
}

/** Agents longest in their state first, those off shift at the end. */
function sortedAgents(board: Board): readonly BoardAgent[] {
  const since = (agent: BoardAgent): number => {
    const activity = agent.shift?.activity;
    return activity && 'since' in activity ? activity.since : Number.POSITIVE_INFINITY;
  };
  return [...board.agents].sort(
    (a, b) => since(a) - since(b) || a.name.localeCompare(b.name, 'pt-BR'),
  );
}

type RowProps = {
  readonly agent: BoardAgent;
  readonly board: Board;
  readonly offsetMs: number | undefined;
  readonly steering: Steering;
  readonly onRest: () => void;
  readonly onEndShift: () => void;
};

function AgentRow({ agent, board, offsetMs, ...menu }: RowProps) {
  const { t } = useTranslation();
  const { shift } = agent;
  const campaigns = board.campaigns.filter((campaign) => agent.campaignIds.includes(campaign.id));
  const where =
    shift?.campaignName ??
    (campaigns.map((campaign) => campaign.name).join(' · ') || t('supervisor.agents.noCampaign'));
  const details = [
    where,
    shift?.callPhone ?? '',
    shift ? t('supervisor.agents.calls', { count: shift.callsToday }) : '',
  ]
    .filter((one) => one !== '')
    .join(' · ');
  return (
    <div className={styles.agent}>
      <StateChip agent={agent} offsetMs={offsetMs} />
      <div className={styles.agentName}>
        <b title={agent.name}>{agent.name}</b>
        <small title={details}>
          <Announced agent={agent} now={board.serverNow} />
          {details}
        </small>
      </div>
      <Links agent={agent} />
      <AgentMenu agent={agent} board={board} {...menu} />
    </div>
  );
}

/**
 * An agent's announced rest or sign-out. It comes before their figures, because small screens cut
 * off the end.
 */
function Announced(props: { readonly agent: BoardAgent; readonly now: number }) {
  const { t } = useTranslation();
  const words = useWords();
  const { shift } = props.agent;
  if (!shift || shift.activity.kind === 'ended') return null;
  const { pauseAsked, restsAt, signOutAsked } = shift;
  const rest =
    restsAt !== null && t('supervisor.agents.restsAt', { at: formatNear(restsAt, props.now) });
  const pause =
    pauseAsked !== null &&
    t('supervisor.agents.pauseAsked', { reason: words('pause', pauseAsked) });
  const leaves = signOutAsked !== null && t('supervisor.agents.leavesAfterCall');
  return (
    <>
      {leaves && (
        <span className={styles.announced} title={leaves}>
          <IconLogout size={13} aria-hidden />
          {leaves}
        </span>
      )}
      {rest && (
        <span className={styles.announced} title={rest}>
          <IconCoffee size={13} aria-hidden />
          {rest}
        </span>
      )}
      {pause && (
        <span className={styles.announced} title={pause}>
          <IconClockPause size={13} aria-hidden />
          {pause}
        </span>
      )}
    </>
  );
}

function RestDialog(props: {
  readonly agent: BoardAgent;
  readonly offsetMs: number | undefined;
  readonly steering: Steering;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { agent, offsetMs = 0, steering, onClose } = props;
  const plan = async (at: number | null) => {
    if (await steering.planRest(agent, at)) onClose();
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      size={380}
      centered
      title={<b>{t('supervisor.agents.restOf', { name: agent.name })}</b>}
    >
      <RestForm
        now={() => Date.now() + offsetMs}
        restsAt={agent.shift?.restsAt ?? null}
        onPlan={(at) => void plan(at)}
        onTakeBack={() => void plan(null)}
      />
    </Dialog>
  );
}

const TONES: Readonly<Record<string, Tone>> = {
  preparing: 'quiet',
  available: 'good',
  reserved: 'info',
  talking: 'live',
  'wrapping-up': 'warn',
  undisposed: 'bad',
  ended: 'quiet',
};

function StateChip(props: { readonly agent: BoardAgent; readonly offsetMs: number | undefined }) {
  const words = useWords();
  const activity = props.agent.shift?.activity ?? { kind: 'ended' as const };
  const tone =
    activity.kind === 'paused'
      ? pauseTone(activity.since, null, props.offsetMs)
      : (TONES[activity.kind] ?? 'quiet');
  const name =
    activity.kind === 'paused' ? words('pause', activity.reason) : words('activity', activity.kind);
  return (
    <div title={name}>
      <Chip
        tone={tone}
        aside={'since' in activity && <Elapsed since={activity.since} offsetMs={props.offsetMs} />}
      >
        {name}
      </Chip>
    </div>
  );
}

/**
 * Screen and headset, as two shapes that are crossed out when missing; color alone is not enough.
 */
function Links(props: { readonly agent: BoardAgent }) {
  const { t } = useTranslation();
  const { shift } = props.agent;
  if (!shift || shift.activity.kind === 'ended') return <span />;
  const audio = shift.headsetPinned;
  const screen = shift.screenConnected;
  const audioWords = audio ? t('supervisor.agents.audioUp') : t('supervisor.agents.audioDown');
  const screenWords = screen ? t('supervisor.agents.screenUp') : t('supervisor.agents.screenDown');
  return (
    <span className={styles.links} title={`${audioWords}, ${screenWords}`}>
      <span data-up={audio}>
        {audio ? (
          <IconHeadphones size={16} aria-label={audioWords} />
        ) : (
          <IconHeadphonesOff size={16} aria-label={audioWords} />
        )}
      </span>
      <span data-up={screen}>
        {screen ? (
          <IconDeviceDesktop size={16} aria-label={screenWords} />
        ) : (
          <IconDeviceDesktopOff size={16} aria-label={screenWords} />
        )}
      </span>
    </span>
  );
}

function AgentMenu(props: Omit<RowProps, 'offsetMs'>) {
  const { t } = useTranslation();
  const { agent, board, steering } = props;
  const on = isOn(agent);
  const restsAt = agent.shift?.restsAt ?? null;
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon aria-label={`${t('supervisor.agents.actions')}: ${agent.name}`} color="gray">
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={!on}
          title={t('supervisor.agents.pauseHint')}
          leftSection={<IconPlayerPause size={16} />}
          onClick={() => void steering.supervise(agent.id, 'pause')}
        >
          {t('supervisor.agents.pause')}
        </Menu.Item>
        <Menu.Item
          disabled={!on}
          title={t('common.rest.hint')}
          leftSection={<IconCoffee size={16} />}
          onClick={props.onRest}
        >
          {t('supervisor.agents.rest')}
        </Menu.Item>
        {on && restsAt !== null && (
          <Menu.Item
            leftSection={<IconX size={16} />}
            onClick={() => void steering.planRest(agent, null)}
          >
            {t('common.rest.takeBack', { at: formatNear(restsAt, board.serverNow) })}
          </Menu.Item>
        )}
        {on && agent.shift?.pauseAsked && (
          <Menu.Item
            leftSection={<IconX size={16} />}
            onClick={() => void steering.takeBack(agent.id, 'pause')}
          >
            {t('supervisor.agents.takePauseBack')}
          </Menu.Item>
        )}
        {on && isKept(agent) && !agent.shift?.pauseAsked && (
          <Menu.Item
            leftSection={<IconPlayerPlay size={16} />}
            title={t('supervisor.agents.releaseHint')}
            onClick={() => void steering.takeBack(agent.id, 'pause')}
          >
            {t('supervisor.agents.release')}
          </Menu.Item>
        )}
        {on && agent.shift?.signOutAsked && (
          <Menu.Item
            leftSection={<IconX size={16} />}
            onClick={() => void steering.takeBack(agent.id, 'sign-out')}
          >
            {t('supervisor.agents.takeSignOutBack')}
          </Menu.Item>
        )}
        <Menu.Item
          disabled={!on}
          title={t('supervisor.agents.signOutHint')}
          leftSection={<IconLogout size={16} />}
          onClick={props.onEndShift}
        >
          {t('supervisor.agents.signOut')}
        </Menu.Item>
        <Menu.Label>{t('supervisor.agents.campaigns')}</Menu.Label>
        {board.campaigns.map((campaign) => {
          const assigned = agent.campaignIds.includes(campaign.id);
          return (
            <Menu.CheckboxItem
              key={campaign.id}
              closeMenuOnClick={false}
              checked={assigned}
              onChange={() => void steering.assign(campaign.id, agent.id, !assigned)}
            >
              {campaign.name}
            </Menu.CheckboxItem>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Whether the agent is in a pause that only a supervisor ends. */
function isKept({ shift }: BoardAgent): boolean {
  return shift?.activity.kind === 'paused' && shift.activity.by === 'supervisor';
}
