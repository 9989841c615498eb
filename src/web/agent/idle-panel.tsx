import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { unreachable } from '../../lib/assert.ts';
import type { Desk } from '../../protocol/agent.ts';
import { useWords } from '../i18n/codes.ts';
import { formatHour, formatLength, formatMoney } from '../ui/format.ts';
import { Chip, Elapsed, Left, Panel } from '../ui/parts.tsx';
import styles from './agent.module.css';
import { useAgentSession } from './context.ts';
import { type AgentScreen, keptBySupervisor, type Standing } from './screen.ts';
import { StandingIcon } from './standing-look.tsx';

/** Shown between calls: what the agent is waiting for, and their day so far. */
export function IdlePanel(props: { readonly screen: AgentScreen; readonly standing: Standing }) {
  const { t } = useTranslation();
  const { screen, standing } = props;
  const { desk } = screen;
  return (
    <Panel title={t('agent.call.title')} style={{ flex: 1 }} plain>
      <div className={styles.idle}>
        <StandingIcon kind={standing.kind} size={40} />
        <IdleWords standing={standing} />
        {'since' in standing && (
          <div className={styles.idleTimer}>
            <Elapsed since={standing.since} offsetMs={screen.clockOffsetMs} />
          </div>
        )}
        {standing.kind === 'undisposed' && (
          <p>
            {t('agent.idle.toSupervisorIn')}{' '}
            <Left until={standing.until} offsetMs={screen.clockOffsetMs} />
          </p>
        )}
        {desk?.shift && desk.shift.restsAt !== null && (
          <p>{t('agent.announce.rest', { at: formatHour(desk.shift.restsAt) })}</p>
        )}
        {desk && <CampaignStates desk={desk} />}
        {desk?.shift && <Today today={desk.shift.today} />}
      </div>
    </Panel>
  );
}

/** Words for each state, a longer form of the header's. */
function IdleWords(props: { readonly standing: Standing }) {
  const { t } = useTranslation();
  const words = useWords();
  const { commands } = useAgentSession();
  const { standing } = props;
  switch (standing.kind) {
    case 'available':
      return <Words title={t('agent.idle.ready')}>{t('agent.idle.readyHint')}</Words>;
    case 'deaf':
      return <Words title={t('agent.standing.deaf')}>{t('agent.alarm.audioHint')}</Words>;
    case 'undisposed':
      return <Words title={t('agent.idle.missing')}>{t('agent.idle.missingHint')}</Words>;
    case 'paused':
      return standing.reason === 'disposition-missing' ? (
        <Words title={t('agent.idle.missing')}>{t('agent.idle.withSupervisor')}</Words>
      ) : (
        <>
          <Words title={t('agent.idle.paused')}>{words('pause', standing.reason)}</Words>
          <KeptWords standing={standing} />
        </>
      );
    case 'not-ready':
      return (
        <>
          <Words title={t('agent.standing.not-ready')}>{t('agent.idle.notReady')}</Words>
          <Button size="md" color="green" onClick={() => void commands.goAvailable()}>
            {t('agent.bar.ready')}
          </Button>
        </>
      );
    case 'preparing':
      return <Words title={t('agent.idle.preparing')} />;
    case 'no-shift':
    case 'reserved':
    case 'talking':
    case 'wrapping-up':
    case 'ended':
      return <Words title={t(`agent.standing.${standing.kind}`)} />;
    default:
      return unreachable(standing);
  }
}

/** Why the agent cannot come back yet. */
function KeptWords(props: { readonly standing: Standing }) {
  const { t } = useTranslation();
  const until = keptBySupervisor(props.standing);
  if (until === undefined) return null;
  return (
    <p>
      {until === 'released'
        ? t('agent.bar.keptHint')
        : t('agent.bar.keptUntil', { at: formatHour(until) })}
    </p>
  );
}

function Words(props: { readonly title: string; readonly children?: string }) {
  return (
    <>
      <h3>{props.title}</h3>
      {props.children !== undefined && <p>{props.children}</p>}
    </>
  );
}

/** States of the agent's campaigns, so that waiting agents see whether their campaign is paused. */
function CampaignStates(props: { readonly desk: Desk }) {
  const { t } = useTranslation();
  const words = useWords();
  const { campaigns } = props.desk;
  if (campaigns.length === 0) return <p>{t('agent.idle.noCampaign')}</p>;
  const running = campaigns.some((campaign) => campaign.state === 'running');
  return (
    <>
      {!running && <p>{t('agent.idle.noneRunning')}</p>}
      <div className={styles.campaigns}>
        {campaigns.map((campaign) => (
          <Chip key={campaign.id} tone={campaign.state === 'running' ? 'good' : 'quiet'}>
            {campaign.name} · {words('campaignState', campaign.state)}
          </Chip>
        ))}
      </div>
    </>
  );
}

type TodayNumbers = NonNullable<Desk['shift']>['today'];

function Today(props: { readonly today: TodayNumbers }) {
  const { t } = useTranslation();
  const { today } = props;
  const numbers = [
    [t('agent.today.calls'), String(today.calls)],
    [t('agent.today.rightParty'), String(today.rightParty)],
    [t('agent.today.promises'), String(today.promises)],
    [t('agent.today.promised'), formatMoney(today.promisedCentavos)],
    [t('agent.today.talk'), formatLength(today.talkMs)],
  ] as const;
  return (
    <dl className={styles.today} aria-label={t('agent.idle.today')}>
      {numbers.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
