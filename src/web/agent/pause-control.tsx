import { Button, Menu, Popover } from '@mantine/core';
import {
  IconChevronDown,
  IconClockPause,
  IconCoffee,
  IconPlayerPlay,
  IconUserShield,
  IconX,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type ChosenPause, chosenPause } from '../../protocol/agent.ts';
import { useWords } from '../i18n/codes.ts';
import { useServerNow } from '../live/now.ts';
import { formatHour, formatLeft, formatNear } from '../ui/format.ts';
import { Key } from '../ui/parts.tsx';
import { RestForm } from '../ui/rest-form.tsx';
import type { AgentAction, AgentActionId } from './actions.ts';
import styles from './agent.module.css';
import { AnnouncedByAgent, AnnouncedBySupervisor } from './announced.tsx';
import { useAgentSession } from './context.ts';
import { type AgentScreen, isOnTheLine, keptBySupervisor, type Standing } from './screen.ts';

/** What is open over the bar: the reasons for a pause, the hour of a rest, or nothing. */
export type PauseOpen = 'menu' | 'rest' | undefined;

type Props = {
  readonly screen: AgentScreen;
  readonly standing: Standing;
  readonly actions: Readonly<Record<AgentActionId, AgentAction>>;
  readonly open: PauseOpen;
  readonly onOpen: (open: PauseOpen) => void;
};

/**
 * Pauses now, after this call or at an hour. Announced pauses are shown beside it and can be taken
 * back.
 */
export function PauseControl(props: Props) {
  const { t } = useTranslation();
  const { screen, standing, actions, open, onOpen } = props;
  const { pauseAsked = null, restsAt = null } = screen.desk?.shift ?? {};
  const chosen = standing.kind === 'paused' && standing.reason !== 'signed-in';
  return (
    <>
      {restsAt !== null && (
        <PlannedRest
          screen={screen}
          restsAt={restsAt}
          action={actions.takeBack}
          isMine={screen.desk?.shift?.bySupervisor.rest !== true}
        />
      )}
      {keptBySupervisor(standing) === 'released' && pauseAsked === null && (
        <Button
          color="green"
          leftSection={<IconPlayerPlay size={16} />}
          title={t('agent.bar.keptHint')}
          data-disabled
          aria-disabled
        >
          {t('agent.bar.resume')}
        </Button>
      )}
      {actions.ready.enabled && pauseAsked === null && (
        <Button
          color="green"
          onClick={actions.ready.run}
          leftSection={<IconPlayerPlay size={16} />}
          rightSection={<Key>Alt+R</Key>}
        >
          {chosen ? t('agent.bar.resume') : t('agent.bar.ready')}
        </Button>
      )}
      <Popover
        opened={open === 'rest'}
        onChange={(isOpen) => onOpen(isOpen ? 'rest' : undefined)}
        position="bottom-end"
        width={300}
        shadow="md"
        trapFocus
        returnFocus
        // A key or a menu item opens it, not the group of buttons it is attached to.
        withRoles={false}
      >
        <Popover.Target>
          <span className={pauseAsked === null ? styles.pause : styles.announced}>
            {pauseAsked === null ? (
              <PauseMenu {...props} restsAt={restsAt} />
            ) : (
              <AskedPause
                reason={pauseAsked}
                action={actions.takeBack}
                isMine={screen.desk?.shift?.bySupervisor.pause !== true}
              />
            )}
          </span>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label={t('common.rest.title')}>
          <PlanRest screen={screen} restsAt={restsAt} onDone={() => onOpen(undefined)} />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function PauseMenu(props: Props & { readonly restsAt: number | null }) {
  const { t } = useTranslation();
  const words = useWords();
  const { commands } = useAgentSession();
  const { actions, restsAt, onOpen } = props;
  return (
    <Menu
      opened={props.open === 'menu'}
      onChange={(isOpen) => onOpen(isOpen ? 'menu' : undefined)}
      position="bottom-end"
      width={280}
      trapFocus={false}
      returnFocus
    >
      <Menu.Target>
        <Button
          variant="default"
          disabled={!actions.pause.enabled}
          rightSection={<IconChevronDown size={14} />}
          title={actions.pause.keys.join(' / ')}
        >
          {t('agent.bar.pause')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {isOnTheLine(props.screen)
            ? t('agent.bar.pauseReasonInCall')
            : t('agent.bar.pauseReason')}
        </Menu.Label>
        {chosenPause.options.map((reason: ChosenPause, place) => (
          <Menu.Item
            key={reason}
            {...(place === 0 ? { ref: focusWhenShown } : {})}
            onClick={() => void commands.pause(reason)}
          >
            {words('pause', reason)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconCoffee size={16} />}
          rightSection={<Key>{actions.planRest.keys[0]}</Key>}
          // Opening the hour closes the menu.
          closeMenuOnClick={false}
          disabled={!actions.planRest.enabled}
          onClick={actions.planRest.run}
        >
          {t('agent.bar.planRest')}
        </Menu.Item>
        {restsAt !== null && props.screen.desk?.shift?.bySupervisor.rest !== true && (
          <Menu.Item
            leftSection={<IconX size={16} />}
            rightSection={<Key>{actions.takeBack.keys[0]}</Key>}
            onClick={actions.takeBack.run}
          >
            {t('common.rest.takeBack', { at: formatHour(restsAt) })}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function AskedPause(props: {
  readonly reason: string;
  readonly action: AgentAction;
  /** Whether the agent asked for it and may take it back; otherwise a supervisor did. */
  readonly isMine: boolean;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { commands } = useAgentSession();
  const { reason, isMine } = props;
  const asked = t('agent.bar.pauseAsked', { reason: words('pause', reason) });
  if (!isMine) return <AnnouncedBySupervisor words={asked} saysWho={reason === 'by-supervisor'} />;
  return (
    <AnnouncedByAgent
      words={asked}
      icon={<IconClockPause size={16} />}
      hint={t('agent.bar.takePauseBack', { key: props.action.keys.join(' / ') })}
      takeBack={() => void commands.takePauseBack()}
    />
  );
}

function PlannedRest(props: {
  readonly screen: AgentScreen;
  readonly restsAt: number;
  readonly action: AgentAction;
  readonly isMine: boolean;
}) {
  const { t } = useTranslation();
  const { commands } = useAgentSession();
  const { screen, restsAt, isMine } = props;
  const now = useServerNow(screen.clockOffsetMs);
  const at = formatNear(restsAt, now ?? restsAt);
  const left = now === undefined ? '--:--' : formatLeft(restsAt, now);
  return (
    <Button
      variant="default"
      leftSection={isMine ? <IconCoffee size={16} /> : <IconUserShield size={16} />}
      rightSection={isMine && <IconX size={14} />}
      title={
        isMine
          ? t('agent.bar.takeRestBack', { at, left, key: props.action.keys.join(' / ') })
          : t('agent.bar.bySupervisorHint')
      }
      aria-label={[
        `${t('agent.bar.restPlanned')} ${at}`,
        ...(isMine ? [] : [t('agent.bar.bySupervisor')]),
      ].join(' · ')}
      {...(isMine ? {} : { 'data-disabled': true })}
      onClick={() => isMine && void commands.planRest(null)}
    >
      <span className={isMine ? styles.wideOnly : undefined}>
        {t('agent.bar.restPlanned')}&nbsp;
      </span>
      {at}
      {!isMine && <span className={styles.wideOnly}> · {t('agent.bar.bySupervisor')}</span>}
    </Button>
  );
}

function PlanRest(props: {
  readonly screen: AgentScreen;
  readonly restsAt: number | null;
  readonly onDone: () => void;
}) {
  const { commands } = useAgentSession();
  const { screen, restsAt, onDone } = props;
  const plan = async (at: number | null) => {
    if (await commands.planRest(at)) onDone();
  };
  return (
    <RestForm
      now={() => Date.now() + (screen.clockOffsetMs ?? 0)}
      restsAt={restsAt}
      onPlan={(at) => void plan(at)}
      onTakeBack={() => void plan(null)}
    />
  );
}

/** Focuses the first item, so that a menu opened by its key can be used with the arrows at once. */
function focusWhenShown(item: HTMLButtonElement | null): void {
  item?.focus();
}
